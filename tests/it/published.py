"""A server that checks every request against the types OpenAI and Replicate publish in their own Python clients,
and answers it; what it answers for Replicate is held to the same types.

GET /report says how many requests came by path, and what was wrong with any.
"""

import base64
import io
import json
import math
import re
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
from replicate.types.file_create_response import FileCreateResponse
from replicate.types.prediction import Prediction
from replicate.types.prediction_create_params import PredictionCreateParams

seen, wrong = {}, []
uploads, jobs = {}, {}
NOW = "2026-01-02T03:04:05.678901Z"


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


def prediction(job, base):
    """A prediction as it stands: looked at twice it is done."""
    looks = job["looks"]
    state = job["state"] or ("starting" if looks == 0 else "processing" if looks == 1 else "succeeded")
    done = state == "succeeded"
    output = f"{base}/delivery/{job['id']}"
    at = f"{base}/v1/predictions/{job['id']}"
    answer = {
        "id": job["id"], "model": "owner/name", "version": job["version"].split(":")[-1], "input": job["input"],
        "output": ([output] if job["id"].endswith("0") else output) if done else None, "status": state, "error": None,
        "logs": "", "metrics": {"predict_time": 1.5, "total_time": 2.0} if done else {}, "data_removed": False,
        "created_at": NOW, "started_at": NOW if looks else None, "completed_at": NOW if done else None, "source": "api",
        "urls": {"get": at, "cancel": at + "/cancel", "web": "https://replicate.com/p/x", "stream": "https://stream.replicate.com/x"},
    }
    Prediction.model_validate(answer, strict=False)
    return answer


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

    def base(self):
        return "http://" + self.headers["Host"]

    def known(self):
        if not self.headers.get("Authorization", "").startswith("Bearer "):
            wrong.append([self.path, "nobody says who asks"])

    def predict(self, body):
        check("/predictions", PredictionCreateParams, body)
        version = str(body.get("version"))
        if not re.fullmatch(r"[\w.-]+/[\w.-]+(:[0-9a-f]{64})?|[0-9a-f]{64}", version):
            wrong.append(["/predictions", f"`{version}` is neither a model nor a version"])
        after = self.headers.get("Cancel-After", "1m")
        if not re.fullmatch(r"(\d+h)?(\d+m)?(\d+s)?|\d+", after):
            wrong.append(["/predictions", f"Cancel-After: {after}"])
        for name, value in body.get("input", {}).items():
            for text in value if isinstance(value, list) else [value]:
                if not isinstance(text, str) or not text.startswith(("data:", "http")):
                    continue
                if text.startswith("data:") and len(text) > 4 * 256 * 1024 / 3 + 100:
                    wrong.append(["/predictions", f"{name}: a data URL of {len(text)} characters"])
                if text.startswith("http") and text not in uploads:
                    wrong.append(["/predictions", f"{name}: {text} was never uploaded"])
        job = {"id": f"{len(jobs):026d}", "version": version, "input": body["input"], "looks": 0, "state": None}
        jobs[job["id"]] = job
        return self.reply(prediction(job, self.base()), status=201)

    def upload(self, body):
        seen["/files"] = seen.get("/files", 0) + 1
        for name in body.keys() - {"content", "filename", "metadata", "type"}:
            wrong.append(["/files", f"`{name}` is no field of it"])
        _, data, media = body["content"]
        Image.open(io.BytesIO(data)).verify()
        at = f"{self.base()}/v1/files/{len(uploads)}"
        uploads[at] = data
        answer = {"id": str(len(uploads)), "checksums": {"sha256": "0" * 64}, "content_type": media, "created_at": NOW,
                  "expires_at": NOW, "metadata": {}, "size": len(data), "urls": {"get": at}}
        FileCreateResponse.model_validate(answer)
        return self.reply(answer, status=201)

    def do_GET(self):
        if self.path == "/report":
            return self.reply({"seen": seen, "wrong": wrong})
        path = self.path.removeprefix("/v1")
        if path.startswith("/predictions/"):
            self.known()
            job = jobs.get(path.split("/")[2])
            if not job:
                return self.reply({"detail": "Not found"}, status=404)
            seen["look"] = seen.get("look", 0) + 1
            answer = prediction(job, self.base())
            job["looks"] += 1
            return self.reply(answer)
        if path.startswith("/models/"):
            self.known()
            return self.reply({"owner": "owner", "name": "name", "url": "https://replicate.com/owner/name"})
        if path.startswith("/delivery/"):
            job = jobs[path.split("/")[2]]
            sound = "seconds" in job["input"]
            size = "x".join(str(job["input"].get(k, 1024)) for k in ("width", "height"))
            return self.reply(tone() if sound else base64.b64decode(picture(size)), "audio/wav" if sound else "image/png")
        models = [{"id": "m", "object": "model", "created": 1, "owned_by": "x"}]
        self.reply({"object": "list", "data": models})

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.known()
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
        if path == "/predictions":
            return self.predict(body)
        if path.endswith("/cancel"):
            job = jobs[path.split("/")[2]]
            job["state"] = "canceled"
            return self.reply(prediction(job, self.base()))
        if path == "/files":
            return self.upload(body)
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
