# A worker for RunPod's own trial server: pip install runpod; python tests/it/pod_worker.py --rp_serve_api --rp_api_port 8123
import base64
import struct
import time
import zlib

import runpod


def png(seed, width, height):
    row = bytes((x * 7 + seed) & 255 for x in range(3 * width))
    rows = b"".join(b"\x00" + bytes((v + 3 * y) & 255 for v in row) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def handler(job):
    asked = job["input"]
    time.sleep(0.3)
    seed = zlib.crc32(asked["prompt"].encode()) & 255
    return {"image": base64.b64encode(png(seed, int(asked["width"]), int(asked["height"]))).decode()}


runpod.serverless.start({"handler": handler})
