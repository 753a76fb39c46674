import { Button, type ButtonProps, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../language/language-store.ts';

type Props = {
  label: string;
  /** Of which one, where several such buttons are shown. */
  accessibleLabel?: string;
  /** What happens, and that it can't be taken back. */
  question: string;
  onConfirm: () => void;
} & Pick<ButtonProps, 'size' | 'variant'>;

/** For what can't be undone: asks first. */
export function ConfirmButton({ label, accessibleLabel, question, onConfirm, ...look }: Props) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        {...look}
        {...(accessibleLabel !== undefined && { 'aria-label': accessibleLabel })}
        onClick={() => setIsAsking(true)}
      >
        {label}
      </Button>
      {isAsking && (
        <ConfirmDialog
          label={label}
          question={question}
          onConfirm={onConfirm}
          onClose={() => setIsAsking(false)}
        />
      )}
    </>
  );
}

type DialogProps = {
  label: string;
  question: string;
  /** It is, unless told. */
  isDangerous?: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

export function ConfirmDialog({ label, question, isDangerous = true, onConfirm, onClose }: DialogProps) {
  const t = useText();
  return (
    <Modal
      opened
      onClose={onClose}
      title={label}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      centered
    >
      <Text size="sm">{question}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('action.cancel')}
        </Button>
        <Button
          {...(isDangerous && { color: 'red.9' })}
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {label}
        </Button>
      </Group>
    </Modal>
  );
}
