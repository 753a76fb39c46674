/** What an answer says of itself, beside what it quotes or what a language model wrote. Markdown. */
export type Wording = {
  /** The documents do not seem to contain the answer. */
  notFound: string;
  /** Stands before the places that came nearest, and ends with a colon. */
  nearest: string;
  /** Stands before quotes that may or may not hold the answer, and ends with a colon. */
  doubtful: string;
  /** There is no document that could be searched. */
  noDocuments: string;
  /** The last line without a language model: what this is, and how to connect one. */
  quoting: string;
};

const groqKey = '`GROQ_API_KEY`';
const baseUrl = '`LLM_BASE_URL`';
const model = '`LLM_MODEL`';

/** By ISO 639-1 code. */
export const wordings = {
  en: {
    notFound: 'The documents do not seem to contain the answer.',
    nearest: 'The nearest places are:',
    doubtful: 'These passages may hold the answer:',
    noDocuments: 'There is no document to answer from.',
    quoting: `These are quotes from your documents. For written answers connect a language model: set ${groqKey}, or ${baseUrl} and ${model}, and restart.`,
  },
  de: {
    notFound: 'Die Dokumente scheinen die Antwort nicht zu enthalten.',
    nearest: 'Am nächsten kommen diese Stellen:',
    doubtful: 'Diese Stellen enthalten vielleicht die Antwort:',
    noDocuments: 'Es gibt kein Dokument, aus dem sich antworten ließe.',
    quoting: `Dies sind Zitate aus Ihren Dokumenten. Für ausformulierte Antworten verbinden Sie ein Sprachmodell: ${groqKey} setzen, oder ${baseUrl} und ${model}, und neu starten.`,
  },
  fr: {
    notFound: 'Les documents ne semblent pas contenir la réponse.',
    nearest: 'Les passages les plus proches sont :',
    doubtful: 'Ces passages contiennent peut-être la réponse :',
    noDocuments: 'Il n’y a aucun document à partir duquel répondre.',
    quoting: `Ce sont des citations de vos documents. Pour des réponses rédigées, connectez un modèle de langage : définissez ${groqKey}, ou ${baseUrl} et ${model}, puis redémarrez.`,
  },
  es: {
    notFound: 'Los documentos no parecen contener la respuesta.',
    nearest: 'Los pasajes más cercanos son:',
    doubtful: 'Es posible que estos pasajes contengan la respuesta:',
    noDocuments: 'No hay ningún documento del que responder.',
    quoting: `Son citas de sus documentos. Para obtener respuestas redactadas, conecte un modelo de lenguaje: defina ${groqKey}, o ${baseUrl} y ${model}, y reinicie.`,
  },
  it: {
    notFound: 'I documenti non sembrano contenere la risposta.',
    nearest: 'I passaggi più vicini sono:',
    doubtful: 'Questi passaggi potrebbero contenere la risposta:',
    noDocuments: 'Non c’è alcun documento da cui rispondere.',
    quoting: `Queste sono citazioni dai suoi documenti. Per risposte scritte colleghi un modello linguistico: imposti ${groqKey}, oppure ${baseUrl} e ${model}, e riavvii.`,
  },
  pt: {
    notFound: 'Os documentos não parecem conter a resposta.',
    nearest: 'Os trechos mais próximos são:',
    doubtful: 'Estes trechos talvez contenham a resposta:',
    noDocuments: 'Não há nenhum documento a partir do qual responder.',
    quoting: `Estas são citações dos seus documentos. Para respostas redigidas, ligue um modelo de linguagem: defina ${groqKey}, ou ${baseUrl} e ${model}, e reinicie.`,
  },
  nl: {
    notFound: 'De documenten lijken het antwoord niet te bevatten.',
    nearest: 'Deze passages komen het dichtst in de buurt:',
    doubtful: 'Deze passages bevatten misschien het antwoord:',
    noDocuments: 'Er is geen document om uit te antwoorden.',
    quoting: `Dit zijn citaten uit uw documenten. Verbind voor geschreven antwoorden een taalmodel: stel ${groqKey} in, of ${baseUrl} en ${model}, en start opnieuw.`,
  },
  sv: {
    notFound: 'Dokumenten verkar inte innehålla svaret.',
    nearest: 'De närmaste ställena är:',
    doubtful: 'Dessa ställen kanske innehåller svaret:',
    noDocuments: 'Det finns inget dokument att svara utifrån.',
    quoting: `Detta är citat ur dina dokument. För skrivna svar, anslut en språkmodell: ange ${groqKey}, eller ${baseUrl} och ${model}, och starta om.`,
  },
  da: {
    notFound: 'Dokumenterne ser ikke ud til at indeholde svaret.',
    nearest: 'De nærmeste steder er:',
    doubtful: 'Disse steder indeholder måske svaret:',
    noDocuments: 'Der er intet dokument at svare ud fra.',
    quoting: `Dette er citater fra dine dokumenter. Tilslut en sprogmodel for at få skrevne svar: angiv ${groqKey}, eller ${baseUrl} og ${model}, og genstart.`,
  },
  nb: {
    notFound: 'Dokumentene ser ikke ut til å inneholde svaret.',
    nearest: 'De nærmeste stedene er:',
    doubtful: 'Disse stedene inneholder kanskje svaret:',
    noDocuments: 'Det finnes ikke noe dokument å svare ut fra.',
    quoting: `Dette er sitater fra dokumentene dine. Koble til en språkmodell for å få skrevne svar: angi ${groqKey}, eller ${baseUrl} og ${model}, og start på nytt.`,
  },
  pl: {
    notFound: 'Wydaje się, że dokumenty nie zawierają odpowiedzi.',
    nearest: 'Najbliższe fragmenty to:',
    doubtful: 'Te fragmenty mogą zawierać odpowiedź:',
    noDocuments: 'Nie ma dokumentu, na podstawie którego można odpowiedzieć.',
    quoting: `To są cytaty z Twoich dokumentów. Aby otrzymywać pisane odpowiedzi, podłącz model językowy: ustaw ${groqKey} albo ${baseUrl} i ${model}, a potem uruchom ponownie.`,
  },
  cs: {
    notFound: 'Zdá se, že dokumenty odpověď neobsahují.',
    nearest: 'Nejbližší místa jsou:',
    doubtful: 'Tato místa možná obsahují odpověď:',
    noDocuments: 'Není žádný dokument, ze kterého by šlo odpovědět.',
    quoting: `Toto jsou citace z vašich dokumentů. Pro psané odpovědi připojte jazykový model: nastavte ${groqKey}, nebo ${baseUrl} a ${model}, a restartujte.`,
  },
  tr: {
    notFound: 'Belgeler yanıtı içermiyor gibi görünüyor.',
    nearest: 'En yakın yerler şunlar:',
    doubtful: 'Bu bölümler yanıtı içeriyor olabilir:',
    noDocuments: 'Yanıt verilebilecek bir belge yok.',
    quoting: `Bunlar belgelerinizden alıntılardır. Yazılı yanıtlar için bir dil modeli bağlayın: ${groqKey} ya da ${baseUrl} ve ${model} ayarlarını yapıp yeniden başlatın.`,
  },
  ru: {
    notFound: 'Похоже, в документах нет ответа.',
    nearest: 'Ближайшие места:',
    doubtful: 'Возможно, ответ есть в этих фрагментах:',
    noDocuments: 'Нет документа, по которому можно ответить.',
    quoting: `Это цитаты из ваших документов. Чтобы получать связные ответы, подключите языковую модель: задайте ${groqKey} или ${baseUrl} и ${model} и перезапустите сервер.`,
  },
  uk: {
    notFound: 'Схоже, у документах немає відповіді.',
    nearest: 'Найближчі місця:',
    doubtful: 'Можливо, відповідь є в цих фрагментах:',
    noDocuments: 'Немає документа, за яким можна відповісти.',
    quoting: `Це цитати з ваших документів. Щоб отримувати зв’язні відповіді, підключіть мовну модель: задайте ${groqKey} або ${baseUrl} і ${model} та перезапустіть сервер.`,
  },
  el: {
    notFound: 'Τα έγγραφα δεν φαίνεται να περιέχουν την απάντηση.',
    nearest: 'Τα πλησιέστερα σημεία είναι:',
    doubtful: 'Αυτά τα αποσπάσματα ίσως περιέχουν την απάντηση:',
    noDocuments: 'Δεν υπάρχει έγγραφο για να δοθεί απάντηση.',
    quoting: `Αυτά είναι αποσπάσματα από τα έγγραφά σας. Για γραπτές απαντήσεις συνδέστε ένα γλωσσικό μοντέλο: ορίστε το ${groqKey}, ή τα ${baseUrl} και ${model}, και κάντε επανεκκίνηση.`,
  },
  ar: {
    notFound: 'لا يبدو أن المستندات تحتوي على الإجابة.',
    nearest: 'أقرب المواضع هي:',
    doubtful: 'قد تحتوي هذه المقاطع على الإجابة:',
    noDocuments: 'لا يوجد مستند يمكن الإجابة منه.',
    quoting: `هذه اقتباسات من مستنداتك. للحصول على إجابات مكتوبة، اربط نموذجًا لغويًا: اضبط ${groqKey} أو ${baseUrl} و${model} ثم أعد التشغيل.`,
  },
  he: {
    notFound: 'נראה שהמסמכים אינם מכילים את התשובה.',
    nearest: 'המקומות הקרובים ביותר הם:',
    doubtful: 'ייתכן שהקטעים האלה מכילים את התשובה:',
    noDocuments: 'אין מסמך שאפשר לענות מתוכו.',
    quoting: `אלה ציטוטים מהמסמכים שלך. לתשובות כתובות יש לחבר מודל שפה: להגדיר את ${groqKey}, או את ${baseUrl} ו־${model}, ולהפעיל מחדש.`,
  },
  hi: {
    notFound: 'लगता है कि दस्तावेज़ों में उत्तर नहीं है।',
    nearest: 'सबसे निकट के अंश ये हैं:',
    doubtful: 'हो सकता है कि इन अंशों में उत्तर हो:',
    noDocuments: 'ऐसा कोई दस्तावेज़ नहीं है जिससे उत्तर दिया जा सके।',
    quoting: `ये आपके दस्तावेज़ों के उद्धरण हैं। लिखित उत्तरों के लिए एक भाषा मॉडल जोड़ें: ${groqKey}, या ${baseUrl} और ${model} सेट करें और पुनः आरंभ करें।`,
  },
  zh: {
    notFound: '文档中似乎没有答案。',
    nearest: '最接近的内容是：',
    doubtful: '以下段落可能包含答案：',
    noDocuments: '没有可供回答的文档。',
    quoting: `以上是您文档中的原文摘录。如需撰写的回答，请连接语言模型：设置 ${groqKey}，或 ${baseUrl} 和 ${model}，然后重新启动。`,
  },
  ja: {
    notFound: '文書には答えが含まれていないようです。',
    nearest: '最も近い箇所は次のとおりです：',
    doubtful: '次の箇所に答えがあるかもしれません：',
    noDocuments: '回答のもとになる文書がありません。',
    quoting: `これは文書からの引用です。文章での回答には言語モデルを接続してください：${groqKey}、または ${baseUrl} と ${model} を設定して再起動します。`,
  },
  ko: {
    notFound: '문서에 답이 없는 것 같습니다.',
    nearest: '가장 가까운 부분은 다음과 같습니다:',
    doubtful: '다음 구절에 답이 있을 수 있습니다:',
    noDocuments: '답변의 근거가 될 문서가 없습니다.',
    quoting: `문서에서 인용한 내용입니다. 작성된 답변을 받으려면 언어 모델을 연결하세요: ${groqKey} 또는 ${baseUrl}과 ${model}을 설정한 뒤 다시 시작하세요.`,
  },
} as const satisfies Record<string, Wording>;

export type WordingLanguage = keyof typeof wordings;
