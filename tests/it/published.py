"""A server that checks every request against the types OpenAI publishes in its own Python client, and answers it.

GET /report says how many requests came by path, and what was wrong with any.
"""

import base64
import io
import json
import math
import struct
import sys
import typing
import wave
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from openai.types.audio.speech_create_params import SpeechCreateParams
from openai.types.chat.completion_create_params import (
    CompletionCreateParamsNonStreaming,
    CompletionCreateParamsStreaming,
)
from openai.types.image_edit_params import ImageEditParamsNonStreaming
from openai.types.image_generate_params import ImageGenerateParamsNonStreaming
from openai.types.moderation_create_params import ModerationCreateParams
from PIL import Image
from pydantic import TypeAdapter

seen, wrong = {}, []


def hints(kind):
    """The fields of a request and their types, those of what it builds on among them."""
    found = {}
    for base in [kind, *getattr(kind, "__orig_bases__", ())]:
        if hasattr(base, "__annotations__"):
            found |= typing.get_type_hints(base)
    return found


def check(path, kind, body):
    seen[path] = seen.get(path, 0) + 1
    known = hints(kind)
    for name in body.keys() - known.keys():
        wrong.append([path, f"`{name}` is no field of it"])
    for name in getattr(kind, "__required_keys__", ()):
        if name not in body and name != "stream":
            wrong.append([path, f"`{name}` is missing"])
    for name, value in body.items():
        try:
            files = value if isinstance(value, list) else [value]
            if name in ("image", "mask") and isinstance(files[0], tuple):
                for _, data, media in files:
                    assert media in ("image/png", "image/jpeg", "image/webp"), media
                    Image.open(io.BytesIO(data)).verify()
            elif name in known:
                TypeAdapter(known[name]).validate_python(value)
        except Exception as e:  # Whatever it is, it is said.
            wrong.append([path, f"{name}: {e}"[:500]])


def picture(size):
    width, height = map(int, size.split("x")) if size and "x" in size else (1024, 1024)
    out = io.BytesIO()
    Image.radial_gradient("L").resize((width, height)).convert("RGB").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def tone():
    out = io.BytesIO()
    with wave.open(out, "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(24000)
        w.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(i / 20))) for i in range(24000)))
    return out.getvalue()


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, body, kind="application/json", status=200):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/report":
            return self.reply({"seen": seen, "wrong": wrong})
        models = [{"id": "m", "object": "model", "created": 1, "owned_by": "x"}]
        self.reply({"object": "list", "data": models})

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.headers.get("Authorization", "").startswith("Bearer "):
            wrong.append([self.path, "nobody says who asks"])
        media = self.headers.get("Content-Type", "")
        if media.startswith("multipart/"):
            body = {}
            whole = BytesParser().parsebytes(b"Content-Type: " + media.encode() + b"\r\n\r\n" + raw)
            for part in whole.get_payload():
                name = part.get_param("name", header="content-disposition")
                data, file = part.get_payload(decode=True), part.get_filename()
                value = (file, data, part.get_content_type()) if file else data.decode()
                if name.endswith("[]"):
                    body.setdefault(name[:-2], []).append(value)
                else:
                    body[name] = int(value) if name == "n" else value
        else:
            body = json.loads(raw)
        path = self.path.removeprefix("/v1")
        if path in ("/images/generations", "/images/edits"):
            edits = path.endswith("edits")
            check(path, ImageEditParamsNonStreaming if edits else ImageGenerateParamsNonStreaming, body)
            return self.reply({"created": 1, "data": [{"b64_json": picture(body.get("size"))}]})
        if path == "/audio/speech":
            check(path, SpeechCreateParams, body)
            raw_wanted = body.get("response_format") == "pcm"
            return self.reply(tone()[44:] if raw_wanted else tone(), "audio/wav")
        if path == "/moderations":
            check(path, ModerationCreateParams, body)
            result = {"flagged": False, "categories": {}, "category_scores": {}}
            return self.reply({"id": "m", "model": "m", "results": [result]})
        if path == "/chat/completions":
            streams = body.get("stream")
            check(path, CompletionCreateParamsStreaming if streams else CompletionCreateParamsNonStreaming, body)
            text = json.dumps({"answer": "It is as it was.", "changes": []})
            if not streams:
                message = {"role": "assistant", "content": text}
                choice = {"index": 0, "finish_reason": "stop", "message": message}
                return self.reply({"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]})
            parts = [{"content": text[i : i + 20]} for i in range(0, len(text), 20)]
            lines = [{"index": 0, "delta": d, "finish_reason": None} for d in parts]
            lines.append({"index": 0, "delta": {}, "finish_reason": "stop"})
            chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
            told = "".join(f"data: {json.dumps(chunk | {'choices': [line]})}\n\n" for line in lines)
            return self.reply((told + "data: [DONE]\n\n").encode(), "text/event-stream")
        self.reply({}, status=404)


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
print(server.server_address[1], flush=True)
sys.stdout.close()
server.serve_forever()
