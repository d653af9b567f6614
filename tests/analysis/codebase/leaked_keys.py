"""Keys of makers as they lie about in projects, made up; see `leaks`."""

import string
from collections.abc import Iterator

from tests.analysis.codebase.leaked import ANY, CAPS, HEX, URL_SAFE, made, made_password, to_base64


def makers_keys() -> Iterator[tuple[str, str, str]]:
    """A kind, a path and a text each; ``§`` stands before the line that holds the key."""
    yield from _clouds()
    yield from _model_providers()
    yield from _developers()
    yield from _services()


def _clouds() -> Iterator[tuple[str, str, str]]:
    secret = made(ANY + "/+", 40)
    yield "AWS", ".env", f"APP_ENV=prod\n§AWS_ACCESS_KEY_ID=AKIA{made(CAPS, 16)}\n"
    yield "AWS", ".env", f"APP_ENV=prod\r\n§AWS_SECRET_ACCESS_KEY={secret}\r\n"
    yield "AWS", ".aws/credentials", f"[default]\naws_access_key_id = x\n§aws_secret_access_key = {secret}\n"
    yield "AWS", ".aws/credentials", f"[default]\n§aws_secret_access_key = /{secret[1:]}\n"
    yield (
        "AWS",
        "upload.py",
        f'import boto3\ns3 = boto3.client(\n    "s3",\n§    aws_secret_access_key="{secret}",\n)\n',
    )
    yield "AWS", "main.tf", f'provider "aws" {{\n  region = "eu-west-1"\n§  secret_key = "{secret}"\n}}\n'
    yield "AWS", "template.json", f'{{"Key": {{\n§  "AccessKeyId": "ASIA{made(CAPS, 16)}"\n}}}}\n'
    yield (
        "Azure storage",
        "appsettings.json",
        (
            '{"Storage":\n§  "DefaultEndpointsProtocol=https;AccountName=app;'
            f'AccountKey={made(ANY + "+/", 86)}==;EndpointSuffix=core.windows.net"}}\n'
        ),
    )
    yield (
        "Azure service bus",
        "local.settings.json",
        (
            '{"Values": {\n§  "Bus": "Endpoint=sb://app.servicebus.windows.net/;SharedAccessKeyName=Root;'
            f'SharedAccessKey={made(ANY + "+/", 43)}="}}}}\n'
        ),
    )
    yield (
        "Azure signature",
        "fetch.sh",
        (
            "set -e\n§curl 'https://app.blob.core.windows.net/c/f?sv=2023-11-03&sr=b&sp=r&"
            f"sig={made(ANY, 43)}%3D'\n"
        ),
    )
    yield (
        "Azure client secret",
        "deploy.yml",
        f"env:\n§  ARM_CLIENT_SECRET: {made(ANY, 3)}8Q~{made(ANY, 34)}\n",
    )
    yield "Google API key", "app.js", f'const maps = load({{\n§  key: "AIza{made(URL_SAFE, 35)}",\n}});\n'
    yield (
        "Google service account",
        "service-account.json",
        (
            '{\n  "type": "service_account",\n§  "private_key": "-----BEGIN PRIVATE KEY-----\\n'
            f'{made(ANY, 64)}\\n{made(ANY, 64)}\\n-----END PRIVATE KEY-----\\n"\n}}\n'
        ),
    )
    yield (
        "Google OAuth",
        "client_secret.json",
        f'{{"web": {{\n§"client_secret":"GOCSPX-{made(URL_SAFE, 28)}"}}}}\n',
    )
    yield "Google access token", "call.sh", f'§TOKEN="ya29.{made(URL_SAFE, 120)}"\n'
    yield "DigitalOcean", "main.tf", f'variable "do" {{\n§  default = "dop_v1_{made(HEX, 64)}"\n}}\n'
    yield "Alibaba Cloud", "oss.go", f'func client() {{\n§\toss.New(host, "LTAI{made(ANY, 20)}", key)\n}}\n'
    yield "Cloudflare", ".dev.vars", f"§CLOUDFLARE_API_TOKEN={made(URL_SAFE, 40)}\n"
    yield (
        "Heroku",
        "Procfile.env",
        f"§HEROKU_API_KEY={made(HEX, 8)}-{made(HEX, 4)}-{made(HEX, 4)}-{made(HEX, 4)}-{made(HEX, 12)}\n",
    )


def _model_providers() -> Iterator[tuple[str, str, str]]:
    hexes = f"{made(HEX, 8)}-{made(HEX, 4)}-4{made(HEX, 3)}-a{made(HEX, 3)}-{made(HEX, 12)}"
    yield (
        "OpenAI",
        "a.ipynb",
        f'{{"cell": [\n§ "os.environ[\\"OPENAI_API_KEY\\"] = \\"sk-proj-{made(URL_SAFE, 120)}A\\"\\n"\n]}}\n',
    )
    yield (
        "OpenAI",
        "chat.py",
        f'import openai\n\n§openai.api_key = "sk-{made(ANY, 20)}T3BlbkFJ{made(ANY, 20)}"\n',
    )
    yield (
        "Anthropic",
        "agent.ts",
        f'§const client = new Anthropic({{ apiKey: "sk-ant-api03-{made(URL_SAFE, 93)}AA" }});\n',
    )
    yield "OpenRouter", ".env.local", f"§OPENROUTER_API_KEY=sk-or-v1-{made(HEX, 64)}\n"
    yield (
        "DeepSeek",
        "chat.py",
        f'§client = OpenAI(api_key="sk-{made(HEX, 32)}", base_url="https://api.deepseek.com")\n',
    )
    yield "Groq", "main.rs", f'fn main() {{\n§    let key = "gsk_{made(ANY, 52)}";\n}}\n'
    yield (
        "xAI",
        "grok.sh",
        f'§curl -H "Authorization: Bearer xai-{made(ANY, 80)}" https://api.x.ai/v1/models\n',
    )
    yield "Hugging Face", "train.py", f'§login(token="hf_{made(string.ascii_letters, 34)}")\n'
    yield "Replicate", ".envrc", f"§export REPLICATE_API_TOKEN=r8_{made(ANY, 37)}\n"
    yield "Perplexity", "config.toml", f'[search]\n§key = "pplx-{made(ANY, 48)}"\n'
    yield "NVIDIA", "nim.py", f'§headers = {{"k": "nvapi-{made(URL_SAFE, 64)}"}}\n'
    yield (
        "LangSmith",
        ".env",
        f"LANGSMITH_TRACING=true\n§LANGSMITH_API_KEY=lsv2_pt_{made(HEX, 32)}_{made(HEX, 10)}\n",
    )
    yield "Tavily", "search.py", f'§tavily = TavilyClient("tvly-dev-{made(ANY, 32)}")\n'
    yield "Pinecone", "index.py", f'§pc = Pinecone("pcsk_{made(ANY, 6)}_{made(ANY, 63)}")\n'
    yield "Langfuse", "trace.js", f'§const lf = new Langfuse({{ secretKey: "sk-lf-{hexes}" }});\n'


def _developers() -> Iterator[tuple[str, str, str]]:
    yield "GitHub", ".git-credentials", f"§https://octo:ghp_{made(ANY, 36)}@github.com\n"
    yield "GitHub", "release.yml", f"env:\n§  GH_TOKEN: github_pat_{made(ANY, 22)}_{made(ANY, 59)}\n"
    yield (
        "GitLab",
        "ci.sh",
        f'§curl --header "PRIVATE-TOKEN: glpat-{made(URL_SAFE, 20)}" "$CI_API_V4_URL/projects"\n',
    )
    yield (
        "Bitbucket",
        "push.sh",
        f"§git clone https://app:ATBB{made(ANY, 28)}{made(HEX, 4)}@bitbucket.org/a/b.git\n",
    )
    yield (
        "Atlassian",
        "jira.py",
        f'§jira = JIRA(auth=("a@b.io", "ATATT3xFfGF0{made(URL_SAFE, 171)}={made(HEX, 8)}"))\n',
    )
    yield "npm", ".npmrc", f"§//registry.npmjs.org/:_authToken=npm_{made(ANY, 36)}\n"
    yield (
        "npm",
        ".npmrc",
        f"registry=https://npm.internal/\n§_auth={to_base64('deploy:' + made_password())}\n",
    )
    yield (
        "PyPI",
        ".pypirc",
        f"[pypi]\nusername = __token__\n§password = pypi-AgEIcHlwaS5vcmc{made(URL_SAFE, 140)}\n",
    )
    yield "own index", ".pypirc", f"[internal]\nusername = deploy\n§password = {made_password()}\n"
    yield "RubyGems", "credentials", f"---\n§:rubygems_api_key: rubygems_{made(HEX, 48)}\n"
    yield (
        "Docker Hub",
        "push.sh",
        f"§echo dckr_pat_{made(URL_SAFE, 27)} | docker login -u app --password-stdin\n",
    )
    yield (
        "Docker",
        ".docker/config.json",
        (f'{{"auths": {{"https://docker.io/": {{\n§"auth": "{to_base64("app:" + made_password())}"}}}}}}\n'),
    )
    yield "Vault", "deploy.sh", f"§export VAULT_TOKEN=hvs.{made(URL_SAFE, 95)}\n"
    yield (
        "Terraform Cloud",
        ".terraformrc",
        (f'credentials "terraform.io" {{\n§  token = "{made(ANY, 14)}.atlasv1.{made(URL_SAFE, 67)}"\n}}\n'),
    )
    yield "Doppler", "run.sh", f"§doppler run --token dp.pt.{made(ANY, 43)}\n"
    yield "Pulumi", "ci.sh", f"§PULUMI_ACCESS_TOKEN=pul-{made(HEX, 40)} pulumi up\n"
    yield "Grafana", "alerts.py", f'§grafana("glsa_{made(ANY, 32)}_{made(HEX, 8)}")\n'
    yield "Postman", "sync.js", f'§const pm = "PMAK-{made(HEX, 24)}-{made(HEX, 34)}"\n'
    yield "Supabase", "ci.yml", f"§  SUPABASE_ACCESS_TOKEN: sbp_{made(HEX, 40)}\n"
    yield "PlanetScale", "db.ts", f'§connect({{ pw: "pscale_pw_{made(URL_SAFE, 43)}" }})\n'
    yield "Sentry", "ci.yml", f"§  SENTRY: sntryu_{made(HEX, 64)}\n"
    yield "New Relic", "metrics.rb", f'§NewRelic.key("NRAK-{made(CAPS, 27)}")\n'
    yield "SonarQube", "build.sh", f"§mvn verify -Dsonar.login=sqp_{made(HEX, 40)}\n"
    yield "Databricks", "job.cfg", f"§tok = dapi{made(HEX, 32)}\n"
    yield "Linear", "tickets.ts", f'§new LinearClient({{ a: "lin_api_{made(ANY, 40)}" }})\n'
    yield "Notion", "sync.py", f'§notion = Client(auth="ntn_{made(ANY, 46)}")\n'
    yield "Figma", "tokens.mjs", f'§const figma = "figd_{made(URL_SAFE, 40)}";\n'


def _services() -> Iterator[tuple[str, str, str]]:
    yield (
        "Slack",
        "notify.py",
        f'§slack = WebClient("xoxb-{made("123456789", 12)}-{made("123456789", 13)}-{made(ANY, 24)}")\n',
    )
    yield (
        "Slack webhook",
        "hook.sh",
        f"§curl https://hooks.slack.com/services/T{made(CAPS, 10)}/B{made(CAPS, 10)}/{made(ANY, 24)}\n",
    )
    yield "Discord", "bot.py", f'§bot.run("M{made(ANY, 25)}.{made(ANY, 6)}.{made(URL_SAFE, 38)}")\n'
    yield (
        "Discord webhook",
        "hook.js",
        f'§fetch("https://discord.com/api/webhooks/{made("123456789", 19)}/{made(ANY, 68)}")\n',
    )
    yield "Telegram", "bot.go", f'§bot := tg.New("{made("123456789", 10)}:AA{made(URL_SAFE, 33)}")\n'
    yield "Stripe", "pay.rb", f'§Stripe.api_key = "sk_live_{made(ANY, 99)}"\n'
    yield "Razorpay", "pay.js", f'§const key = "rzp_live_{made(ANY, 14)}"\n'
    yield "Twilio", "sms.py", f'§TWILIO_AUTH_TOKEN = "{made(HEX, 32)}"\n'
    yield "SendGrid", "mail.php", f"§$mail = new SendGrid('SG.{made(URL_SAFE, 22)}.{made(ANY, 43)}');\n"
    yield "Brevo", "mail.cs", f'§var key = "xkeysib-{made(HEX, 64)}-{made(ANY, 16)}";\n'
    yield "Mailchimp", "list.rb", f'§gibbon("{made(HEX, 32)}-us12")\n'
    yield "Mailgun", "mail.go", f'§mg := mailgun.New(domain, "key-{made(HEX, 32)}")\n'
    yield "Shopify", "shop.ts", f'§const t = "shpat_{made(HEX, 32)}"\n'
    yield "Square", "pay.py", f'§square = Client("EAAA{made(URL_SAFE, 60)}")\n'
    yield "Airtable", "base.py", f'§api = Api("pat{made(ANY, 14)}.{made(HEX, 64)}")\n'
    yield "Mapbox", "map.js", f'§mapboxgl.token = "sk.eyJ1Ijo{made(ANY, 60)}.{made(URL_SAFE, 22)}"\n'
    yield (
        "JSON web token",
        "test.http",
        f"§Cookie: t=eyJhbGciOiJ{made(ANY, 24)}.eyJzdWIiOiI{made(ANY, 60)}.{made(URL_SAFE, 43)}\n",
    )
