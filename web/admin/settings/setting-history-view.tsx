import { useMemo } from 'react';
import { Link } from 'react-router';
import type { z } from 'zod';
import type { settingHistoryRow } from '../../../contract/administration/settings.ts';
import { type AdministrationText, useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { FactList } from '../row/fact-list.tsx';
import { OpenLink } from '../row/open-link.tsx';
import { DataTable } from '../table/data-table.tsx';
import type { Column, Filter } from '../table/table-view.ts';
import { ViewHead } from '../view-head.tsx';

type Change = z.infer<typeof settingHistoryRow>;

/** Who changed which setting, when, from what to what. */
export default function SettingHistoryView() {
  const a = useAdministrationText();
  const filters = useMemo(
    (): Filter[] => [
      { kind: 'text', name: 'name', label: a('settings.name') },
      { kind: 'text', name: 'user', label: a('audit.user') },
      { kind: 'from', name: 'from', label: a('table.from') },
      { kind: 'to', name: 'to', label: a('table.to') },
    ],
    [a],
  );
  return (
    <>
      <ViewHead title={a('settings.historyTitle')}>
        <Link to="/admin/settings">{a('settings.back')}</Link>
      </ViewHead>
      <DataTable
        label={a('settings.historyTitle')}
        path="admin/settings/history/"
        columns={useColumns()}
        filters={filters}
        nameOf={({ name }) => name}
        details={change => <Details change={change} />}
      />
    </>
  );
}

const whoOf = ({ user, actor }: Change, a: AdministrationText) => user?.email ?? a(`actor.${actor}`);

function useColumns(): Column<Change>[] {
  const a = useAdministrationText();
  const { dateTime } = useFormat();
  return useMemo(() => {
    const shownValue = (value: string | null) => value ?? a('settings.ofEnvironment');
    return [
      {
        name: 'name',
        label: a('settings.name'),
        onPhone: true,
        cell: ({ id, name }) => <OpenLink id={id} text={name} />,
      },
      {
        name: 'old',
        label: a('settings.old'),
        width: '165px',
        cell: ({ old_value: old }) => shownValue(old),
      },
      {
        name: 'new',
        label: a('settings.new'),
        width: '165px',
        onPhone: true,
        cell: ({ new_value: next }) => shownValue(next),
      },
      { name: 'who', label: a('audit.who'), width: '170px', isExtra: true, cell: change => whoOf(change, a) },
      { name: 'at', label: a('audit.at'), width: '170px', cell: ({ at }) => dateTime(at) },
    ];
  }, [a, dateTime]);
}

function Details({ change }: { change: Change }) {
  const a = useAdministrationText();
  const { dateTime } = useFormat();
  return (
    <FactList
      facts={[
        [a('settings.name'), change.name],
        [a('settings.old'), change.old_value ?? a('settings.ofEnvironment')],
        [a('settings.new'), change.new_value ?? a('settings.ofEnvironment')],
        [a('audit.who'), whoOf(change, a)],
        [a('audit.at'), dateTime(change.at)],
        [a('audit.keyNumber'), change.key_id],
        [a('audit.address'), change.address],
      ]}
    />
  );
}
