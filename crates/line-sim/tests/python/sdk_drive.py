"""Drives the simulator with LINE's official Python SDK and reads its webhooks with the SDK's parser.

Arguments: base URL, channel access token, channel secret, a user id, a file with one webhook as JSON {"signature", "body"} per line.
Prints one JSON object with what the SDK saw.
"""

import json
import struct
import sys
import uuid
import zlib

from linebot.v3 import WebhookParser
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    CreateRichMenuAliasRequest,
    FlexMessage,
    FlexContainer,
    MessageAction,
    MessagingApi,
    MessagingApiBlob,
    MulticastRequest,
    PushMessageRequest,
    RichMenuArea,
    RichMenuBounds,
    RichMenuRequest,
    RichMenuSize,
    SetWebhookEndpointRequest,
    TextMessage,
)


def png(width, height):
    """A plain PNG of the size the rich menu declares."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\x00" + b"\x30\x80\x60" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def rich_menu(api, blob, user):
    area = RichMenuArea(
        bounds=RichMenuBounds(x=0, y=0, width=800, height=400),
        action=MessageAction(label="相談", text="相談したい"),
    )
    request = RichMenuRequest(
        size=RichMenuSize(width=800, height=400), selected=True, name="main", chat_bar_text="メニュー", areas=[area]
    )
    menu = api.create_rich_menu(request).rich_menu_id
    blob.set_rich_menu_image(menu, body=bytearray(png(800, 400)), _headers={"Content-Type": "image/png"})
    api.set_default_rich_menu(menu)
    api.link_rich_menu_id_to_user(user, menu)
    api.create_rich_menu_alias(CreateRichMenuAliasRequest(rich_menu_alias_id="main", rich_menu_id=menu))
    return api.get_rich_menu_id_of_user(user).rich_menu_id == menu and len(blob.get_rich_menu_image(menu)) > 100


def refusals(api, user):
    """Status and message of what must be refused."""
    seen = []
    for request in (
        PushMessageRequest(to=user, messages=[TextMessage(text="あ" * 5001)]),
        PushMessageRequest(to="U" + "0" * 32, messages=[TextMessage(text="あ")]),
    ):
        try:
            api.push_message(request)
        except ApiException as error:
            seen.append([error.status, json.loads(error.body)["message"]])
    return seen


def replay(api, user):
    key = str(uuid.uuid4())
    request = PushMessageRequest(to=user, messages=[TextMessage(text="一度だけ")])
    first = api.push_message_with_http_info(request, x_line_retry_key=key)
    try:
        api.push_message(request, x_line_retry_key=key)
    except ApiException as error:
        accepted = error.headers["x-line-accepted-request-id"]
        return [error.status, accepted == first.headers["x-line-request-id"]]
    return None


def main(base, token, secret, user, webhooks):
    configuration = Configuration(host=base, access_token=token)
    with ApiClient(configuration) as client:
        api, blob = MessagingApi(client), MessagingApiBlob(client)
        bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "案内"}]}}
        flex = FlexMessage(alt_text="案内", contents=FlexContainer.from_dict(bubble))
        pushed = api.push_message(PushMessageRequest(to=user, messages=[TextMessage(text="こんにちは"), flex]))
        api.multicast(MulticastRequest(to=[user], messages=[TextMessage(text="みなさんへ")]))
        api.set_webhook_endpoint(SetWebhookEndpointRequest(endpoint="https://example.jp/line"))
        seen = {
            "sent": len(pushed.sent_messages),
            "name": api.get_profile(user).display_name,
            "quota": api.get_message_quota().type,
            "used": api.get_message_quota_consumption().total_usage,
            "followers": api.get_followers().user_ids,
            "bot": api.get_bot_info().display_name,
            "link": len(api.issue_link_token(user).link_token) > 10,
            "endpoint": api.get_webhook_endpoint().endpoint,
            "menu": rich_menu(api, blob, user),
            "refused": refusals(api, user),
            "replay": replay(api, user),
        }
    parser = WebhookParser(secret)
    events = []
    with open(webhooks, encoding="utf-8") as lines:
        for line in lines:
            webhook = json.loads(line)
            events += [type(event).__name__ for event in parser.parse(webhook["body"], webhook["signature"])]
    seen["events"] = events
    print(json.dumps(seen, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
