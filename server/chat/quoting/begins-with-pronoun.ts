/** Words that stand for something said before, at the beginning of a sentence, by language. */
const pronouns = [
  'he|she|it|they|this|these|that|those|such|his|her|its|their|the (?:former|latter|same|two)|both|there|here',
  'er|sie|es|dies\\p{L}*|jene\\p{L}*|sein\\p{L}*|ihr\\p{L}*|beide|solche\\p{L}*|dort|davon|dadurch|damit',
  'ils?|elles?|ce|cet|cette|ces|cela|ceci|son|leurs?|celui-ci|celle-ci|ceux-ci',
  'él|ellas?|ellos?|est[eao]s?|es[eao]s?|sus?|ambos|ambas',
  'egli|ella|essi|esse|quest[oaie]|quell[oaie]|ciò|entrambi',
  'eles?|elas?|iss?t?o|ess[ea]s?|est[ea]s?|seus?|suas?|ambos',
  'hij|zij|ze|het|dit|dat|deze|die|zijn|haar|hun|beide',
  'он|она|они|оно|эт[оаи]т?|его|её|их|он|вона|вони|це|цей|ці',
];
const beginning = new RegExp(`^["'“«(]?(?:${pronouns.join('|')})(?![\\p{L}\\p{N}])`, 'iu');

/** Whether a sentence is about something that the one before it names. */
export const beginsWithPronoun = (sentence: string): boolean =>
  beginning.test(sentence) || /^(?:他|她|它|这|這|该|該|其|これ|それ|彼)/u.test(sentence);
