import type { Catalogue } from '../../message.ts';
import type { SettingDescriptionKey } from './en-setting-descriptions.ts';

export const frSettingDescriptions: Catalogue<SettingDescriptionKey> = {
  'about.GROQ_MODEL': 'Le modèle chez Groq.',
  'about.LLM_MODEL': 'Le modèle à l’adresse LLM_BASE_URL ; obligatoire avec elle.',
  'about.LLM_MODELS': 'D’autres modèles du même fournisseur, qu’une requête peut choisir par `model`.',
  'about.LLM_TEMPERATURE':
    'La liberté avec laquelle les réponses sont écrites quand une requête ne le dit pas : faible, car elles doivent dire ce que disent les sources ; pas 0, où les petits modèles se répètent.',
  'about.LLM_PRICES': 'Ce que coûtent les modèles, pour les coûts affichés avec l’utilisation.',
  'about.LLM_PRICE_CURRENCY': 'La devise de LLM_PRICES.',
  'about.DAILY_TOKEN_BUDGET':
    'Combien de jetons, requêtes et réponses ensemble, les modèles de langage peuvent consommer par jour (UTC). Ensuite, les questions reçoivent 429 jusqu’à minuit.',
  'about.MAX_CONTEXT_TOKENS':
    'La fenêtre de contexte du modèle de langage. Les cinq parts ci-dessous doivent y laisser de la place pour l’historique.',
  'about.SYSTEM_PROMPT_TOKENS': 'Réservés aux instructions données au modèle.',
  'about.DOCUMENT_CONTEXT_TOKENS': 'Réservés à ce que disent les documents.',
  'about.CURRENT_MESSAGE_TOKENS': 'Réservés à la question.',
  'about.RESERVED_FOR_RESPONSE': 'Réservés à la réponse.',
  'about.SAFETY_BUFFER':
    'Laissés libres, car les jetons sont comptés comme GPT-2 les compte, et le modèle peut compter autrement.',
  'about.TOP_K': 'Combien de passages servent de preuves.',
  'about.MIN_SIMILARITY':
    'La similarité cosinus avec la question au-dessous de laquelle un passage ne sert pas de preuve.',
  'about.QUERY_CACHE_SECONDS':
    'Combien de temps est gardé ce qui a été trouvé pour une question ; toute modification d’un document y met fin. 0 le désactive.',
  'about.QUESTION_REWRITING':
    'Comment une question de suivi devient une question qui se suffit, avant la recherche dans les documents : `off` la cherche avec les questions précédentes ; `model` en fait écrire une par le modèle de langage, ce qui prend jusqu’à trois secondes de plus.',
  'about.RERANKING':
    'Si les passages trouvés sont reclassés, là où un reclasseur est configuré. Désactivé, il reste chargé.',
  'about.RERANKER_CANDIDATES': 'Combien des passages trouvés sont reclassés.',
  'about.RERANKER_TIMEOUT_MS':
    'Combien de temps le reclassement peut prendre ; ensuite, l’ordre reste ce qu’il était.',
  'about.SESSION_TITLES':
    'D’où vient le titre d’une conversation : `question` prend le début de sa première question ; avec `model`, le modèle de langage, s’il y en a un, en écrit un après la première réponse, par une courte requête de plus. Un titre donné par l’utilisateur reste.',
  'about.MAX_TEXT_BYTES':
    'Le plus grand texte d’un document, en UTF-8, et donc le plus grand fichier `.txt` ; au-delà, 413.',
  'about.MAX_UPLOAD_BYTES': 'Le plus grand fichier envoyé de tout autre type ; au-delà, 413.',
  'about.MAX_STORED_BYTES':
    'La place que tous les fichiers peuvent prendre ensemble ; un envoi au-delà reçoit 413. Sans valeur, pas de limite.',
  'about.UPLOAD_WAIT_SECONDS':
    'Combien de temps un envoi attend que son document soit traité avant de répondre 202.',
  'about.RATE_LIMIT_REQUESTS':
    'Combien chaque adresse, utilisateur et clé d’API peut en envoyer par minute, tous processus ensemble ; ensuite, 429 avec Retry-After. 0 le désactive. Les réglages RATE_LIMIT ne touchent pas ce qui vient de cette machine.',
  'about.RATE_LIMIT_UPLOADS':
    'Combien de documents chaque adresse, utilisateur et clé d’API peut envoyer par minute. 0 le désactive.',
  'about.RATE_LIMIT_ANSWERS':
    'Combien de réponses peuvent être en cours à la fois pour chaque adresse, utilisateur et clé d’API. 0 le désactive.',
  'about.RATE_LIMIT_TOKENS':
    'Combien de jetons, requêtes et réponses ensemble, chaque adresse, utilisateur et clé d’API peut consommer par jour (UTC). 0 le désactive ; DAILY_TOKEN_BUDGET limite l’ensemble.',
  'about.OVERLOAD_REQUESTS':
    'Combien peuvent attendre le début de leur réponse dans un processus ; les autres reçoivent aussitôt 503 avec Retry-After.',
  'about.OVERLOAD_WAIT_SECONDS':
    'Combien de temps une question peut devoir attendre sa recherche, autant qu’on puisse le prévoir ; les suivantes reçoivent aussitôt 503 avec Retry-After.',
  'about.DRAIN_SECONDS':
    'Combien de temps les réponses en cours peuvent continuer après SIGTERM avant d’être marquées interrompues.',
};
