import type { Catalogue } from '../../message.ts';
import type { SettingDescriptionKey } from './en-setting-descriptions.ts';

export const esSettingDescriptions: Catalogue<SettingDescriptionKey> = {
  'about.GROQ_MODEL': 'El modelo en Groq.',
  'about.LLM_MODEL': 'El modelo en LLM_BASE_URL; obligatorio junto con ella.',
  'about.LLM_MODELS': 'Otros modelos del mismo proveedor que una petición puede elegir con `model`.',
  'about.LLM_TEMPERATURE':
    'Con cuánta libertad se escriben las respuestas cuando una petición no lo dice: baja, porque deben decir lo que dicen las fuentes; no 0, con lo que los modelos pequeños se repiten.',
  'about.LLM_PRICES': 'Lo que cuestan los modelos, para los costes que muestra el uso.',
  'about.LLM_PRICE_CURRENCY': 'La moneda de LLM_PRICES.',
  'about.DAILY_TOKEN_BUDGET':
    'Cuántos tokens, de peticiones y respuestas juntas, pueden consumir los modelos de lenguaje al día (UTC). Después, las preguntas reciben 429 hasta medianoche.',
  'about.MAX_CONTEXT_TOKENS':
    'La ventana de contexto del modelo de lenguaje. Las cinco partes de abajo deben dejar sitio en ella para el historial.',
  'about.SYSTEM_PROMPT_TOKENS': 'Reservados para las instrucciones al modelo.',
  'about.DOCUMENT_CONTEXT_TOKENS': 'Reservados para lo que dicen los documentos.',
  'about.CURRENT_MESSAGE_TOKENS': 'Reservados para la pregunta.',
  'about.RESERVED_FOR_RESPONSE': 'Reservados para la respuesta.',
  'about.SAFETY_BUFFER':
    'Quedan libres, porque los tokens se cuentan como los cuenta GPT-2 y el modelo puede contarlos de otro modo.',
  'about.TOP_K': 'Cuántos pasajes se usan como prueba.',
  'about.MIN_SIMILARITY':
    'La similitud del coseno con la pregunta por debajo de la cual un pasaje no se usa como prueba.',
  'about.QUERY_CACHE_SECONDS':
    'Cuánto tiempo se guarda lo que se encontró para una pregunta; cualquier cambio de un documento lo termina. 0 lo desactiva.',
  'about.QUESTION_REWRITING':
    'Cómo una pregunta de seguimiento se convierte en una que se entiende sola antes de buscar en los documentos: `off` la busca junto con las preguntas anteriores; con `model`, el modelo de lenguaje escribe una, lo que tarda hasta tres segundos más.',
  'about.RERANKING':
    'Si los pasajes encontrados se reordenan, donde hay un reordenador configurado. Desactivado, sigue cargado.',
  'about.RERANKER_CANDIDATES': 'Cuántos de los pasajes encontrados se reordenan.',
  'about.RERANKER_TIMEOUT_MS': 'Cuánto puede tardar la reordenación; después, el orden queda como estaba.',
  'about.SESSION_TITLES':
    'De dónde viene el título de un chat: `question` toma el principio de su primera pregunta; con `model`, el modelo de lenguaje, si lo hay, escribe uno tras la primera respuesta, con una petición corta más. Un título que puso el usuario se queda.',
  'about.MAX_TEXT_BYTES':
    'El texto más grande de un documento, en UTF-8, y con ello el archivo `.txt` más grande; lo que pase recibe 413.',
  'about.MAX_UPLOAD_BYTES': 'El archivo subido más grande de cualquier otro tipo; lo que pase recibe 413.',
  'about.MAX_STORED_BYTES':
    'Cuánto pueden ocupar todos los archivos juntos; una subida que lo pase recibe 413. Sin valor no hay límite.',
  'about.UPLOAD_WAIT_SECONDS':
    'Cuánto espera una subida a que se procese su documento antes de responder 202.',
  'about.RATE_LIMIT_REQUESTS':
    'Cuántas puede enviar por minuto cada dirección, usuario y clave de API, en todos los procesos; después reciben 429 con Retry-After. 0 lo desactiva. Los ajustes RATE_LIMIT no afectan a lo que viene de esta misma máquina.',
  'about.RATE_LIMIT_UPLOADS':
    'Cuántos documentos puede enviar por minuto cada dirección, usuario y clave de API. 0 lo desactiva.',
  'about.RATE_LIMIT_ANSWERS':
    'Cuántas respuestas pueden estar en curso a la vez para cada dirección, usuario y clave de API. 0 lo desactiva.',
  'about.RATE_LIMIT_TOKENS':
    'Cuántos tokens, de peticiones y respuestas juntas, puede consumir al día (UTC) cada dirección, usuario y clave de API. 0 lo desactiva; DAILY_TOKEN_BUDGET los limita a todos juntos.',
  'about.OVERLOAD_REQUESTS':
    'Cuántas pueden esperar el principio de su respuesta en un proceso; las demás reciben enseguida 503 con Retry-After.',
  'about.OVERLOAD_WAIT_SECONDS':
    'Cuánto puede tener que esperar una pregunta a su búsqueda, hasta donde se puede prever; las siguientes reciben enseguida 503 con Retry-After.',
  'about.DRAIN_SECONDS':
    'Cuánto pueden seguir las respuestas en curso tras SIGTERM antes de marcarse como interrumpidas.',
};
