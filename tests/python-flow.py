"""What a client written in Python does, against a running server: python tests/python-flow.py BASE_URL

The requests are those that existing clients send, to the letter; the shapes of the answers are those of docs.
"""

import json
import os
import re
import sys
import tempfile

import requests

BASE_URL = sys.argv[1].rstrip("/")
TEXT = "This is a test document about artificial intelligence."
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$")


def check(holds, what, found):
    if not holds:
        sys.exit(f"python-flow: {what}, but found {found!r}")


def check_types(answer, types):
    for name, kind in types.items():
        value = answer.get(name)
        check(type(value) is kind, f"{name} should be of type {kind.__name__}", answer)


def check_times(answer, *names):
    for name in names:
        check(TIME.match(answer[name]), f"{name} should be a time in UTC", answer[name])


def check_health():
    response = requests.get(f"{BASE_URL}/api/health/", timeout=30)
    check(response.status_code == 200, "health should answer 200", response.text)
    health = response.json()
    expected = {"status": "healthy", "database": "connected", "embedding_service": "loaded", "embedding_dim": 384}
    check(expected.items() <= health.items(), f"health should contain {expected}", health)
    check(health["groq_api_configured"] is False, "no key should be configured", health)


def create_session():
    response = requests.post(f"{BASE_URL}/api/session/create/", timeout=30)
    check(response.status_code == 201, "a new session should answer 201", response.text)
    session = response.json()
    check_types(session, {"id": int, "created_at": str, "updated_at": str, "messages": list})
    check_times(session, "created_at", "updated_at")
    check(session["messages"] == [], "a new session should be empty", session)
    return session["id"]


def upload_document():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "test.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write(TEXT)
        with open(path, "rb") as file:
            response = requests.post(f"{BASE_URL}/api/document/", files={"file": file}, timeout=120)
    check(response.status_code == 201, "an upload should answer 201", response.text)
    document = response.json()
    check_types(document, {"document_id": int, "filename": str, "status": str, "total_chunks": int})
    expected = {"filename": "test.txt", "status": "processed", "total_chunks": 1}
    check(expected.items() <= document.items(), f"the upload should contain {expected}", document)
    check(re.match(r"^\d+\.\d\ds$", document["processing_time"]), "processing_time should be like 2.34s", document)


def ask(session_id, message):
    """The events of the answer and the text that its content events make."""
    events = []
    answer = ""
    question = {"session_id": session_id, "message": message}
    with requests.post(f"{BASE_URL}/api/chat/", json=question, stream=True, timeout=60) as response:
        check(response.status_code == 200, "a question should answer 200", response.status_code)
        kind = response.headers["Content-Type"]
        check(kind.startswith("text/event-stream"), "the answer should be a stream of events", kind)
        for line in response.iter_lines():
            if not line:
                continue
            line = line.decode("utf-8")
            if not line.startswith("data: "):
                check(line.startswith((":", "id:", "retry:")), "only ids and comments may stand beside data", line)
                continue
            data = json.loads(line[6:])
            events.append(data)
            if data["type"] == "content":
                answer += data["content"]
    return events, answer


def check_events(events):
    types = [event["type"] for event in events]
    check(types[0] == "start", "the first event should be start", types)
    check(types[-1] == "done", "the last event should be done", events[-1])
    check("content" in types, "there should be content", types)
    check("error" not in types, "there should be no error", events)
    check("sources" in types[: types.index("content")], "sources should come before the content", types)
    check_types(events[-1], {"message_id": int})
    return events[-1]["message_id"]


def check_history(session_id, message, answer, message_id):
    response = requests.get(f"{BASE_URL}/api/session/{session_id}/messages/", timeout=30)
    check(response.status_code == 200, "the history should answer 200", response.text)
    history = response.json()
    check_types(history, {"id": int, "created_at": str, "updated_at": str, "messages": list})
    check(history["id"] == session_id, "the history should be of the session", history)
    for entry in history["messages"]:
        check_types(entry, {"id": int, "role": str, "content": str, "created_at": str})
        check_times(entry, "created_at")
    said = [(entry["role"], entry["content"]) for entry in history["messages"]]
    check(said == [("user", message), ("assistant", answer)], "the history should hold both messages", said)
    check(history["messages"][1]["id"] == message_id, "the answer should have the id of the done event", history)


def main():
    message = "What is in the document?"
    check_health()
    session_id = create_session()
    upload_document()
    events, answer = ask(session_id, message)
    message_id = check_events(events)
    check("artificial intelligence" in answer, "the answer should quote the document", answer)
    check_history(session_id, message, answer, message_id)
    print(f"python-flow: session, upload, {len(events)} events and history are as documented")


main()
