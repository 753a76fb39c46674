/** Units by what they measure: a number with another unit of the same kind is another amount. */
const units: Record<string, Record<string, string>> = {
  share: {
    percent: '% ％ percent percentage prozent pct pourcent',
    permille: '‰',
  },
  money: {
    euro: '€ eur euro euros',
    dollar: '$ usd us$ dollar dollars dólar dólares',
    pound: '£ gbp pounds-sterling',
    yen: '¥ jpy yen',
    franc: 'chf franken',
    yuan: 'cny rmb yuan',
  },
  time: {
    millisecond: 'ms millisecond milliseconds millisekunden',
    second: 's sec second seconds sekunde sekunden segundo segundos seconde secondes',
    minute: 'min minute minutes minuten minuto minutos',
    hour: 'h hr hrs hour hours stunde stunden hora horas heure heures',
    day: 'day days tag tage tagen día días jour jours',
    week: 'week weeks woche wochen semana semanas semaine semaines',
    month: 'month months monat monate monaten mes meses mois',
    year: 'year years yr yrs jahr jahre jahren año años an ans année années',
    decade: 'decade decades jahrzehnt jahrzehnte década décadas',
    century: 'century centuries jahrhundert jahrhunderte siglo siglos siècle siècles',
  },
  length: {
    millimetre: 'mm millimeter millimeters millimetre millimetres',
    centimetre: 'cm centimeter centimeters centimetre centimetres zentimeter',
    metre: 'm meter meters metre metres metern metro metros mètre mètres',
    kilometre: 'km kilometer kilometers kilometre kilometres kilometern kilómetro kilómetros kilomètres',
    inch: 'inch inches zoll',
    foot: 'ft foot feet fuß',
    mile: 'mi mile miles meile meilen milla millas',
  },
  mass: {
    milligram: 'mg milligram milligrams milligramm',
    gram: 'g gram grams gramm gramos',
    kilogram: 'kg kilogram kilograms kilo kilos kilogramm kilogramos',
    tonne: 't ton tons tonne tonnes tonnen toneladas',
    pound: 'lb lbs',
  },
  volume: {
    millilitre: 'ml milliliter milliliters millilitre millilitres',
    litre: 'l liter liters litre litres litern litro litros',
    gallon: 'gallon gallons',
  },
  data: {
    kilobyte: 'kb kib kilobyte kilobytes',
    megabyte: 'mb mib megabyte megabytes',
    gigabyte: 'gb gib gigabyte gigabytes',
    terabyte: 'tb tib terabyte terabytes',
  },
  temperature: { celsius: '°c celsius', fahrenheit: '°f fahrenheit', kelvin: 'kelvin' },
  power: {
    watt: 'w watt watts',
    kilowatt: 'kw kilowatt kilowatts',
    megawatt: 'mw megawatt megawatts',
  },
};

const known = new Map(
  Object.entries(units).flatMap(([kind, ofKind]) =>
    Object.entries(ofKind).flatMap(([name, words]) =>
      words.split(' ').map((word): [string, Unit] => [word, { kind, name }]),
    ),
  ),
);

export type Unit = {
  /** What it measures. */
  kind: string;
  name: string;
};

export function unitOf(word: string): Unit | undefined {
  return known.get(word.toLowerCase());
}
