import { Button, Input, Popover, Radio, Slider, Stack } from '@mantine/core';
import { useEffect } from 'react';
import type { Settings } from '../../../contract/settings.ts';
import { useSettings } from '../../api/settings.ts';
import { useText } from '../../language/language-store.ts';
import { useFormat } from '../../language/use-format.ts';
import { IconAdjustments, IconChevronDown } from '../../ui/icons.ts';
import styles from '../chat-page.module.css';
import { useWritingChoice, type WritingChoice } from './writing-choice.ts';

type LanguageModel = NonNullable<Settings['language_model']>;

/** Who writes the answers of a chat, and how freely. Nothing where there is nothing to choose. */
export default function WritingPicker({ chat }: { chat: string }) {
  const { data } = useSettings();
  const model = data?.language_model;
  if (!model) return null;
  const { models, temperatures } = model;
  return models.length < 2 && temperatures.min >= temperatures.max ? null : (
    <Picker key={chat} chat={chat} offered={model} />
  );
}

function Picker({ chat, offered }: { chat: string; offered: LanguageModel }) {
  const t = useText();
  const [choice, choose] = useWritingChoice(chat);
  const isOffered = choice.model === undefined || offered.models.some(({ name }) => name === choice.model);
  useEffect(() => {
    // The server does not offer it any more.
    if (!isOffered) choose(withoutModel(choice));
  }, [isOffered, choice, choose]);
  const isChosen = choice.model !== undefined || choice.temperature !== undefined;
  const writer = choice.model ?? offered.standard;
  return (
    <Popover position="top-start" width={310} shadow="md" trapFocus withinPortal>
      <Popover.Target>
        <Button
          size="compact-sm"
          h={32}
          variant={isChosen ? 'light' : 'subtle'}
          color={isChosen ? 'brand' : 'gray'}
          radius="xl"
          fw={500}
          leftSection={<IconAdjustments size={15} stroke={1.8} />}
          rightSection={<IconChevronDown size={14} />}
          className={styles.writing}
          aria-label={t('writing.label', { model: writer })}
        >
          <span className={styles.writer}>{writer}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('writing.title')}>
        <Stack gap="md">
          {offered.models.length > 1 && <Models offered={offered} choice={choice} onChoose={choose} />}
          {offered.temperatures.min < offered.temperatures.max && (
            <Temperature offered={offered} choice={choice} onChoose={choose} />
          )}
          {isChosen && (
            <Button size="compact-sm" variant="subtle" onClick={() => choose({})}>
              {t('writing.standard')}
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

type PartProps = { offered: LanguageModel; choice: WritingChoice; onChoose: (choice: WritingChoice) => void };

function Models({ offered, choice, onChoose }: PartProps) {
  const t = useText();
  const { money } = useFormat();
  const priceOf = ({ price }: LanguageModel['models'][number]) =>
    price &&
    t('writing.price', {
      input: money(price.input, price.currency),
      output: money(price.output, price.currency),
    });
  return (
    <Radio.Group
      label={t('writing.model')}
      value={choice.model ?? offered.standard}
      onChange={model => onChoose({ ...withoutModel(choice), ...(model !== offered.standard && { model }) })}
    >
      <Stack gap={8} mt={6} className={`${styles.models} scroll`}>
        {offered.models.map(model => (
          <Radio
            key={model.name}
            value={model.name}
            label={model.name}
            description={priceOf(model)}
            size="sm"
            styles={{ label: { overflowWrap: 'anywhere' } }}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function Temperature({ offered, choice, onChoose }: PartProps) {
  const t = useText();
  const { number } = useFormat();
  const { min, max } = offered.temperatures;
  const label = t('writing.temperature');
  return (
    <Input.Wrapper label={label} description={t('writing.temperatureHint')} labelElement="div">
      <Slider
        value={choice.temperature ?? offered.temperature}
        onChange={temperature => onChoose({ ...choice, temperature })}
        min={min}
        max={max}
        step={0.1}
        label={number}
        thumbLabel={label}
        marks={[
          { value: min, label: number(min) },
          { value: max, label: number(max) },
        ]}
        mt={8}
        mb={22}
        mx={6}
      />
    </Input.Wrapper>
  );
}

const withoutModel = ({ temperature }: WritingChoice): WritingChoice =>
  temperature === undefined ? {} : { temperature };
