import { ActionIcon, Button, Chip, Group, Popover, Stack, Text, Textarea, Tooltip } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import type { FeedbackReason, feedbackAnswer } from '../../../contract/feedback.ts';
import { queryClient } from '../../api/query-client.ts';
import { request } from '../../api/request.ts';
import { type Message, type Session, sessionKey } from '../../api/sessions.ts';
import { useText } from '../../language/language-store.ts';
import { useErrorText } from '../../language/use-error-text.ts';
import { IconThumbDown, IconThumbUp } from '../../ui/icons.ts';
import { showError } from '../../ui/undoable.tsx';

const reasons = [
  'inaccurate',
  'incomplete',
  'irrelevant',
  'wrong_sources',
  'refused',
  'other',
] as const satisfies FeedbackReason[];

type Opinion = { rating: 'up' | 'down' | null; reason?: FeedbackReason | null; comment?: string | null };
type Props = { sessionId: number; messageId: number; feedback: Message['feedback'] };

/** Whether an answer helped; of one that did not, why, which can become a test case. */
export function Feedback({ sessionId, messageId, feedback }: Props) {
  const t = useText();
  const describe = useErrorText();
  const [isAsking, setIsAsking] = useState(false);
  const save = useMutation({
    mutationFn: (opinion: Opinion) =>
      request<z.infer<typeof feedbackAnswer>>(`message/${messageId}/feedback/`, {
        method: 'POST',
        body: opinion,
      }),
    onSuccess: answer =>
      queryClient.setQueryData<Session>(
        sessionKey(sessionId),
        session => session && withFeedback(session, messageId, answer.feedback),
      ),
    onError: error => void showError(describe(error)),
  });
  const rating = feedback?.rating;
  const rate = (wanted: 'up' | 'down') => {
    const isTakenBack = rating === wanted;
    save.mutate({ rating: isTakenBack ? null : wanted });
    setIsAsking(wanted === 'down' && !isTakenBack);
  };
  return (
    <>
      <Tooltip label={t('feedback.up')}>
        <ActionIcon
          size={32}
          variant={rating === 'up' ? 'light' : 'subtle'}
          aria-pressed={rating === 'up'}
          aria-label={t('feedback.up')}
          onClick={() => rate('up')}
        >
          <IconThumbUp size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Popover
        opened={isAsking}
        onChange={setIsAsking}
        width={330}
        position="top-start"
        shadow="md"
        trapFocus
        withinPortal
      >
        <Popover.Target>
          <Tooltip label={t('feedback.down')} disabled={isAsking}>
            <ActionIcon
              size={32}
              variant={rating === 'down' ? 'light' : 'subtle'}
              aria-pressed={rating === 'down'}
              aria-label={t('feedback.down')}
              onClick={() => rate('down')}
            >
              <IconThumbDown size={17} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('feedback.why')}>
          <ReasonForm
            messageId={messageId}
            onSave={opinion => {
              save.mutate({ rating: 'down', ...opinion });
              setIsAsking(false);
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </>
  );
}

const withFeedback = (session: Session, id: number, feedback: Message['feedback']): Session => ({
  ...session,
  messages: session.messages.map(message => (message.id === id ? { ...message, feedback } : message)),
});

type FormProps = { messageId: number; onSave: (opinion: Omit<Opinion, 'rating'>) => void };

function ReasonForm({ messageId, onSave }: FormProps) {
  const t = useText();
  const [reason, setReason] = useState<string | null>(null);
  const [comment, setComment] = useState('');
  const keep = useMutation({
    mutationFn: () => request('evaluation/case/', { method: 'POST', body: { message_id: messageId } }),
  });
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600}>
        {t('feedback.why')}
      </Text>
      <Chip.Group value={reason} onChange={setReason}>
        <Group gap={6}>
          {reasons.map(one => (
            <Chip key={one} value={one} size="xs">
              {t(`feedback.${one}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Textarea
        value={comment}
        onChange={event => setComment(event.currentTarget.value)}
        placeholder={t('feedback.comment')}
        aria-label={t('feedback.comment')}
        maxLength={2_000}
        autosize
        minRows={2}
        maxRows={5}
      />
      <Group justify="space-between">
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => keep.mutate()}
          loading={keep.isPending}
          disabled={keep.isSuccess}
        >
          {t(keep.isSuccess ? 'feedback.kept' : keep.isError ? 'feedback.notKept' : 'feedback.keep')}
        </Button>
        <Button
          size="compact-sm"
          onClick={() =>
            onSave({
              reason: reasons.find(one => one === reason) ?? null,
              comment: comment.trim() === '' ? null : comment.trim(),
            })
          }
        >
          {t('action.save')}
        </Button>
      </Group>
    </Stack>
  );
}
