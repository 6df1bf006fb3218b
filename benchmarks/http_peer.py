"""The plain way to serve a model, for comparison: a FastAPI route that calls the transformers pipeline.

    python benchmarks/http_peer.py ENCODER_FOLDER NUMBER_OF_LABELS

Prints `{"address": ...}`. The head is untrained: its answers mean nothing, their cost is that of a trained one.
"""

import json
import socket
import sys

import transformers
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel


class Question(BaseModel):
    """What `tradewind serve` is asked too."""

    text: str


def main() -> None:
    """Serve until told to stop."""
    encoder, labels = sys.argv[1], int(sys.argv[2])
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    network = transformers.AutoModelForSequenceClassification.from_pretrained(encoder, num_labels=labels)
    tokenizer = transformers.AutoTokenizer.from_pretrained(encoder)
    classify = transformers.pipeline("text-classification", model=network, tokenizer=tokenizer, top_k=None)
    app = FastAPI()

    @app.get("/readyz")
    def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/predict")
    def predict(question: Question) -> list[object]:
        return list(classify(question.text))

    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    print(json.dumps({"address": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])


if __name__ == "__main__":
    main()
