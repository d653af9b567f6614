"""E-mail: every text of a message once, in its order, whatever program sent it."""

from email.message import EmailMessage

import pytest

from tokviz.documents.extraction.mail import extract
from tokviz.documents.extraction.output import DocumentError, Output


def text_of(data: bytes) -> str:
    output = Output()
    extract(data, output)
    return output.text()


def multipart(kind: str, *parts: bytes, boundary: bytes = b"B", stands: bytes = b"B") -> bytes:
    head = b'Subject: S\r\nContent-Type: multipart/%s; boundary="%s"\r\n\r\n' % (kind.encode(), boundary)
    return head + b"".join(b"--%s\r\n%s\r\n" % (stands, part) for part in parts) + b"--%s--\r\n" % stands


PLAIN = b"Content-Type: text/plain\r\n\r\none two"
HTML = b"Content-Type: text/html\r\n\r\n<p>three <b>four</b></p>"
IMAGE = b"Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA"


def test_texts_that_stand_one_after_the_other_are_all_there() -> None:
    footer = b"Content-Type: text/plain\r\n\r\n--\r\nthe list"
    mail = multipart("mixed", PLAIN, IMAGE, footer)
    assert text_of(mail) == "Subject: S\n\none two\n\nAttachment: a.png\n\n--\nthe list\n"


def test_of_several_forms_the_plain_one_counts_unless_it_is_empty() -> None:
    assert text_of(multipart("alternative", PLAIN, HTML)) == "Subject: S\n\none two\n"
    blank = b"Content-Type: text/plain\r\n\r\n \r\n"
    assert text_of(multipart("alternative", blank, HTML)) == "Subject: S\n\nthree four\n"
    related = multipart("related", HTML, IMAGE, boundary=b"C", stands=b"C").partition(b"\r\n")[2]
    assert text_of(multipart("alternative", blank, related)) == "Subject: S\n\nthree four\n"


def test_a_boundary_that_is_not_the_one_named() -> None:
    assert text_of(multipart("mixed", HTML, boundary=b"other")) == "Subject: S\n\nthree four\n"
    assert "just this" in text_of(b'Subject: S\nContent-Type: multipart/mixed; boundary="B"\n\njust this\n')


def test_the_same_text_twice_is_there_once() -> None:
    html = b"Content-Type: text/html\r\n\r\n<p>one  two</p>"
    assert text_of(multipart("mixed", PLAIN, html)) == "Subject: S\n\none two\n"


def test_a_forwarded_message_is_read_and_an_attached_text_named() -> None:
    message = EmailMessage()
    message["Subject"] = "Outer"
    message.set_content("see below")
    inner = EmailMessage()
    inner["Subject"] = "Inner"
    inner.set_content("see below")
    message.add_attachment(inner)
    message.add_attachment("notes", filename="notes.txt")
    assert text_of(message.as_bytes()) == (
        "Subject: Outer\n\nsee below\n\nAttachment: message/rfc822\n\nSubject: Inner\n\nsee below\n\n"
        "Attachment: notes.txt\n"
    )


CHINESE = "你好，今天我们讨论编码的问题。"


@pytest.mark.parametrize(
    ("charset", "data", "shown"),
    [
        ("iso-8859-1", "Grüße".encode(), "Grüße"),
        ("iso-8859-1", "Grüße".encode("latin-1"), "Grüße"),
        ("GB2312", CHINESE.encode(), CHINESE),
        ("GB2312", (CHINESE + "镕").encode("gbk"), CHINESE + "镕"),
        ("gb2312", "联通".encode("gb2312"), "联通"),
        ("iso-2022-jp", "日本語".encode("iso-2022-jp"), "日本語"),
        ("utf-16le", "ab".encode("utf-16-le"), "ab"),
        ("no-such", "Grüße".encode(), "Grüße"),
        ("us-ascii", "Grüße".encode(), "Grüße"),
        ("utf-8", b"a\xffb", "a\ufffdb"),
    ],
)
def test_bytes_are_what_they_are_and_not_what_is_said(charset: str, data: bytes, shown: str) -> None:
    head = f"Subject: S\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    assert text_of(head.encode() + data) == f"Subject: S\n\n{shown}\n"


def test_what_is_no_mail_is_damaged() -> None:
    with pytest.raises(DocumentError, match="damaged"):
        text_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ("Content-Type: text/plain; name=This is a test.txt", "This is a test.txt"),
        ("Content-Disposition: attachment; filename==?utf-8?B?Wm/DqyBhLnBkZg==?=", "Zoë a.pdf"),
        ('Content-Disposition: attachment; filename="=?iso-8859-1?Q?Zo=EB.pdf?="; size=3', "Zoë.pdf"),
        ("Content-Disposition: attachment; filename*=utf-8''Zo%C3%AB%20b.pdf", "Zoë b.pdf"),
        (
            'Content-Disposition: attachment;\r\n filename*0="long ";\r\n filename*1="name.pdf"',
            "long name.pdf",
        ),
        ("Content-Type: image/png\r\nContent-Location: Photo25.jpg", "Photo25.jpg"),
        ("Content-Type: image/png\r\nContent-Location: http://a.example/b.png", "image/png"),
        ("Content-Type: application/pdf; name==?no-such?X?Zm8=?=", "=?no-such?X?Zm8=?="),
        ("Content-Type: application/pdf; name==?utf-8?B?Zm8x=Q?=.pdf", "=?utf-8?B?Zm8x=Q?=.pdf"),
        ("Content-Type: application/pdf; name==?utf-8?B?Z?=.pdf", "=?utf-8?B?Z?=.pdf"),
    ],
)
def test_attachments_are_named_as_their_senders_meant(headers: str, name: str) -> None:
    attached = f"{headers}\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA".encode()
    assert text_of(multipart("mixed", PLAIN, attached)) == f"Subject: S\n\none two\n\nAttachment: {name}\n"


def test_of_what_belongs_to_a_page_only_pictures_in_it_go_without_a_name() -> None:
    inside = IMAGE.replace(b"\r\n", b"\r\nContent-ID: <1>\r\n", 1)
    attached = b'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="c.pdf"\r\n\r\nA'
    related = multipart("related", HTML, inside, attached, b"Content-Type: text/csv; name=d.csv\r\n\r\n1,2")
    assert text_of(related) == "Subject: S\n\nthree four\n\nAttachment: c.pdf\nAttachment: d.csv\n"


@pytest.mark.parametrize("charset", ["latin-1", "utf-8", "koi8-r"])
def test_headers_whose_bytes_nothing_names_are_found_out(charset: str) -> None:
    subject = "Привет, это важное письмо" if charset == "koi8-r" else "Formação até o verão, já é amanhã"
    data = f"From: Zoë <z@a.example>\r\nSubject: {subject}\r\n\r\nText\r\n"
    data = data if charset != "koi8-r" else data.replace("Zoë", "Zoe")
    name = "Zoe" if charset == "koi8-r" else "Zoë"
    assert text_of(data.encode(charset)) == f"From: {name} <z@a.example>\nSubject: {subject}\n\nText\n"


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 1 Jan 99999999999 00:00:00 +0000",
        "Mon, 99999999999999999999 Jan 2020 00:00:00",
        "Mon, 1 Jan 2020 99999999999999:00:00",
        "1 Jan 2020 00:00:00 +99999999999999",
    ],
)
def test_a_date_beyond_all_calendars_is_shown_as_it_stands(date: str) -> None:
    assert text_of(f"Date: {date}\r\n\r\nText\r\n".encode()) == f"Date: {date}\n\nText\n"
