import type { Catalogue } from '../../message.ts';
import type { SettingDescriptionKey } from './en-setting-descriptions.ts';

export const deSettingDescriptions: Catalogue<SettingDescriptionKey> = {
  'about.GROQ_MODEL': 'Das Modell bei Groq.',
  'about.LLM_MODEL': 'Das Modell unter LLM_BASE_URL; zusammen damit ist es nötig.',
  'about.LLM_MODELS': 'Weitere Modelle desselben Anbieters, die eine Anfrage als `model` wählen kann.',
  'about.LLM_TEMPERATURE':
    'Wie frei Antworten geschrieben werden, wenn eine Anfrage nichts dazu sagt: niedrig, denn sie sollen sagen, was die Quellen sagen; nicht 0, weil kleine Modelle sich dabei wiederholen.',
  'about.LLM_PRICES': 'Was Modelle kosten; daraus werden die Kosten beim Verbrauch berechnet.',
  'about.LLM_PRICE_CURRENCY': 'Die Währung von LLM_PRICES.',
  'about.DAILY_TOKEN_BUDGET':
    'Wie viele Token, für Anfragen und Antworten zusammen, die Sprachmodelle am Tag (UTC) verbrauchen dürfen. Danach werden Fragen bis Mitternacht mit 429 abgelehnt.',
  'about.MAX_CONTEXT_TOKENS':
    'Das Kontextfenster des Sprachmodells. Die fünf Teile darunter müssen darin Platz für den Verlauf lassen.',
  'about.SYSTEM_PROMPT_TOKENS': 'Frei gehalten für die Anweisungen an das Modell.',
  'about.DOCUMENT_CONTEXT_TOKENS': 'Frei gehalten für das, was die Dokumente sagen.',
  'about.CURRENT_MESSAGE_TOKENS': 'Frei gehalten für die Frage.',
  'about.RESERVED_FOR_RESPONSE': 'Frei gehalten für die Antwort.',
  'about.SAFETY_BUFFER':
    'Bleibt frei, weil Token gezählt werden, wie GPT-2 sie zählt, und das Modell sie anders zählen kann.',
  'about.TOP_K': 'Wie viele Stellen als Belege dienen.',
  'about.MIN_SIMILARITY':
    'Die Kosinus-Ähnlichkeit mit der Frage, unter der eine Stelle nicht als Beleg dient.',
  'about.QUERY_CACHE_SECONDS':
    'Wie lange behalten wird, was zu einer Frage gefunden wurde; jede Änderung eines Dokuments beendet es. 0 schaltet es ab.',
  'about.QUESTION_REWRITING':
    'Wie aus einer Folgefrage eine wird, die für sich steht, bevor Dokumente durchsucht werden: Mit `off` wird sie zusammen mit den Fragen davor gesucht; mit `model` schreibt das Sprachmodell eine, was bis zu drei Sekunden länger dauert.',
  'about.RERANKING':
    'Ob gefundene Stellen neu geordnet werden, wo ein Reranker eingerichtet ist. Abgeschaltet bleibt er geladen.',
  'about.RERANKER_CANDIDATES': 'Wie viele der gefundenen Stellen neu geordnet werden.',
  'about.RERANKER_TIMEOUT_MS':
    'Wie lange das Ordnen dauern darf; danach bleibt die Reihenfolge, wie sie war.',
  'about.SESSION_TITLES':
    'Woher der Titel eines Chats kommt: `question` nimmt den Anfang seiner ersten Frage; mit `model` schreibt das Sprachmodell, wenn es eines gibt, nach der ersten Antwort einen, mit einer kurzen Anfrage mehr. Ein Titel, den jemand selbst vergab, bleibt.',
  'about.MAX_TEXT_BYTES':
    'Der größte Text eines Dokuments, in UTF-8, und damit die größte `.txt`-Datei; mehr wird mit 413 abgelehnt.',
  'about.MAX_UPLOAD_BYTES': 'Die größte hochgeladene Datei jeder anderen Art; mehr wird mit 413 abgelehnt.',
  'about.MAX_STORED_BYTES':
    'Wie viel alle Dateien zusammen belegen dürfen; was darüber hinausgeht, wird mit 413 abgelehnt. Ohne Wert gibt es keine Grenze.',
  'about.UPLOAD_WAIT_SECONDS':
    'Wie lange ein Hochladen darauf wartet, dass sein Dokument verarbeitet ist, bevor es 202 antwortet.',
  'about.RATE_LIMIT_REQUESTS':
    'Wie viele jede Adresse, jeder Benutzer und jeder API-Schlüssel in der Minute senden darf, über alle Prozesse; danach kommt 429 mit Retry-After. 0 schaltet es ab. Die Einstellungen RATE_LIMIT gelten nicht für das, was von diesem Rechner selbst kommt.',
  'about.RATE_LIMIT_UPLOADS':
    'Wie viele Dokumente jede Adresse, jeder Benutzer und jeder API-Schlüssel in der Minute senden darf. 0 schaltet es ab.',
  'about.RATE_LIMIT_ANSWERS':
    'Wie viele Antworten für jede Adresse, jeden Benutzer und jeden API-Schlüssel zugleich laufen dürfen. 0 schaltet es ab.',
  'about.RATE_LIMIT_TOKENS':
    'Wie viele Token, für Anfragen und Antworten zusammen, jede Adresse, jeder Benutzer und jeder API-Schlüssel am Tag (UTC) verbrauchen darf. 0 schaltet es ab; DAILY_TOKEN_BUDGET begrenzt alle zusammen.',
  'about.OVERLOAD_REQUESTS':
    'Wie viele in einem Prozess auf den Anfang ihrer Antwort warten dürfen; mehr werden sofort mit 503 und Retry-After abgelehnt.',
  'about.OVERLOAD_WAIT_SECONDS':
    'Wie lange eine Frage auf ihre Suche warten müssen darf, soweit es sich absehen lässt; weitere werden sofort mit 503 und Retry-After abgelehnt.',
  'about.DRAIN_SECONDS':
    'Wie lange laufende Antworten nach SIGTERM weitergehen dürfen, bevor sie als unterbrochen gelten.',
};
