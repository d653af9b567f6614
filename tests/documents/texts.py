"""A few sentences of our own in each script, and the encodings that people wrote them in."""

TEXTS = {
    "fr": "L'été dernier, j'ai mangé des crêpes très bonnes à côté de la forêt.\nÇa m'a plu, même sans thé.",
    "de": "Die Größe der Tür prüfen, bevor das Gerät läuft.\nÄnderungen überall möglich, Maße in Füßen.",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy.\nProsím přečtěte si návod dříve, než začnete měřit.",
    "pl": "Zażółć gęślą jaźń, a potem sprawdź ustawienia.\nWszystkie zmiany są zapisywane w tym pliku.",
    "hu": "Kérjük, ellenőrizze a beállításokat, mielőtt elindítja.\nAz árvíztűrő tükörfúrógép működik.",
    "tr": "Lütfen ayarları denetleyin ve değişiklikleri kaydedin.\nŞimdi çalışıyor, ancak ağ bağlantısı yok.",
    "lt": "Prašome patikrinti nustatymus ir išsaugoti pakeitimus.\nŠis failas jau įrašytas, ačiū už pagalbą.",
    "ru": "Это простой русский текст для проверки кодировки.\nОткройте файл и сохраните его снова.",
    "uk": "Це простий український текст для перевірки.\nВідкрийте файл і збережіть його ще раз, її є.",
    "el": "Αυτό είναι ένα απλό ελληνικό κείμενο για δοκιμή.\nΑνοίξτε το αρχείο και αποθηκεύστε το ξανά.",
    "he": "זהו טקסט פשוט בעברית לבדיקת הקידוד של הקובץ.\nפתחו את הקובץ ושמרו אותו שוב.",
    "ar": "هذا نص عربي بسيط لاختبار اكتشاف الترميز في الملف.\nافتح الملف ثم احفظه مرة أخرى.",
    "th": "นี่คือข้อความภาษาไทยง่ายๆ สำหรับทดสอบการเข้ารหัส\nเปิดไฟล์แล้วบันทึกอีกครั้ง",
    "ja": "設定を読み込み、確認し、分かりやすいメッセージを書き出します。\nこれは日本語のテキストです。",
    "zh": "我们编写了一个小型库，用来读取设置、检查设置并写出错误信息。\n程序运行正常，请保存文件。",
    "zht": "我們撰寫了一個小型函式庫，用來讀取設定、檢查設定並寫出錯誤訊息。\n程式運行正常，請儲存檔案。",
    "ko": "설정을 읽고 검사한 뒤 알기 쉬운 오류 메시지를 씁니다.\n이것은 한국어 텍스트입니다.",
}
CASES = [
    (codec, language)
    for codecs, languages in (
        ("cp1252 iso8859-15 cp850 cp437 mac-roman", "fr de"),
        ("cp1250 iso8859-2 cp852", "cs pl hu"),
        ("cp1254 iso8859-9", "tr"),
        ("cp1257 iso8859-13", "lt"),
        ("cp1251 koi8-r cp866 iso8859-5 mac-cyrillic", "ru"),
        ("cp1251 koi8-u", "uk"),
        ("cp1253 iso8859-7", "el"),
        ("cp1255 iso8859-8", "he"),
        ("cp1256 iso8859-6", "ar"),
        ("cp874", "th"),
        ("cp932 euc_jp iso2022_jp", "ja"),
        ("gb18030 gbk", "zh"),
        ("big5", "zht"),
        ("cp949 euc_kr", "ko"),
    )
    for codec in codecs.split()
    for language in languages.split()
]
SOURCE = (
    "import os\n\n\ndef main(path):\n"
    + "    total = len(os.listdir(path)) + 1\n" * 60
    + "    # COMMENT\n    return total\n"
)
"""A source file in ASCII, with a place for a comment."""
SIGNS = (
    "Screen 1920×1080, icon 48×48, tile 256×256, thumb 64×64, hero 1200×630, logo 512×512\n",
    "".join(f"§ {i} Part {i}\n" for i in range(1, 7)),
    "Foo® and Bar™ work with Baz®.\nQux® is a mark of Foo®.\nSee Foo® Manual, Baz® Guide.\n",
    "time,temp\n" + "".join(f"{i}:00,{20 + i} °C\n" for i in range(6)),
    "".join(f"C{i} 10 µF\n" for i in range(6)),
    "".join(f"R{i} = 10k ± 5%\n" for i in range(6)),
    "".join(f"{i}: £{i}.00\n" for i in range(6)),
    "".join(f"{i} m² and {i} m³\n" for i in range(5)),
    "Mix ½ cup milk with ¼ tsp salt. Bake at 180 °C.\nServes 4; cut into 2½ cm bars.\n",
    "".join(f"it’s {i}\n" for i in range(6)),
    "a\u00a0b\u00a0c\u00a0d\u00a0e\u00a0f\u00a0g\u00a0h\n",
    "© A\n© B\n© C\n© D\n© E\n© F\n",
    "“so” it is – almost… done\n",
)
"""Windows-1252 with nothing beyond ASCII but signs."""
