import { useMemo } from 'react';
import type { z } from 'zod';
import type { jobRow, serverJobRow } from '../../../contract/administration/tables.ts';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useErrorText } from '../../language/use-error-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { FactList } from '../row/fact-list.tsx';
import { OpenLink } from '../row/open-link.tsx';
import { StateMark } from '../row/state-mark.tsx';
import { DataTable } from '../table/data-table.tsx';
import type { Action, Column, Filter } from '../table/table-view.ts';
import { ViewHead } from '../view-head.tsx';

const REFRESH_MS = 3_000;
const jobStates = ['waiting', 'running', 'failed'] as const;

/** Of the workspace with the names of its documents; of the server with the workspaces in their place. */
type Job = z.infer<typeof jobRow> | z.infer<typeof serverJobRow>;

const nameOf = (job: Job) => ('filename' in job ? job.filename : `#${job.document_id}`);

/** The work there is on documents: what waits, runs and has failed. */
export default function JobsView({ of }: { of: 'workspace' | 'server' }) {
  const a = useAdministrationText();
  return (
    <>
      <ViewHead title={a('admin.jobs')} text={a(of === 'server' ? 'jobs.serverText' : 'jobs.text')} />
      <DataTable
        label={a('jobs.list')}
        path={of === 'server' ? 'admin/server/job/' : 'admin/job/'}
        columns={useColumns(of)}
        filters={useFilters(of)}
        {...(of === 'workspace' && { searchHint: a('documents.search') })}
        nameOf={nameOf}
        actions={useActions()}
        details={job => <JobDetails job={job} />}
        refreshMs={REFRESH_MS}
      />
    </>
  );
}

function useColumns(of: 'workspace' | 'server'): Column<Job>[] {
  const a = useAdministrationText();
  const { percent, size, dateTime } = useFormat();
  return useMemo(
    () => [
      {
        name: 'document',
        label: a(of === 'server' ? 'jobs.documentNumber' : 'jobs.document'),
        onPhone: true,
        cell: job => <OpenLink id={job.id} text={nameOf(job)} />,
      },
      ...(of === 'server'
        ? [
            {
              name: 'workspace',
              label: a('admin.workspace'),
              width: '130px',
              cell: (job: Job) => 'workspace' in job && job.workspace.name,
            },
          ]
        : []),
      {
        name: 'state',
        label: a('table.state'),
        width: '115px',
        onPhone: true,
        cell: ({ state, stage, progress }) => (
          <StateMark tone={state === 'failed' ? 'bad' : 'plain'}>
            {a(`job.${state}`)}
            {state === 'running' && ` ${stage === 'embedding' ? percent(progress) : ''}`}
          </StateMark>
        ),
      },
      {
        name: 'attempts',
        label: a('jobs.attempts'),
        width: '100px',
        isNumber: true,
        isExtra: true,
        cell: ({ attempts }) => String(attempts),
      },
      {
        name: 'size',
        label: a('table.size'),
        width: '100px',
        isNumber: true,
        cell: ({ byte_size: bytes }) => size(bytes),
      },
      {
        name: 'created_at',
        label: a('table.created'),
        width: '160px',
        cell: ({ created_at: at }) => dateTime(at),
      },
    ],
    [a, of, percent, size, dateTime],
  );
}

function useFilters(of: 'workspace' | 'server'): Filter[] {
  const a = useAdministrationText();
  return useMemo(
    () => [
      {
        kind: 'choice',
        name: 'state',
        label: a('table.state'),
        choices: jobStates.map(state => ({ value: state, label: a(`job.${state}`) })),
      },
      ...(of === 'server' ? [{ kind: 'text' as const, name: 'workspace', label: a('admin.workspace') }] : []),
    ],
    [a, of],
  );
}

function useActions(): Action<Job>[] {
  const a = useAdministrationText();
  return useMemo(
    () => [
      { name: 'retry', label: a('jobs.retry'), isFor: ({ state }) => state === 'failed' },
      {
        name: 'cancel',
        label: a('jobs.cancel'),
        question: count => a('jobs.cancelQuestion', { count }),
        isDangerous: true,
        isFor: ({ state }) => state !== 'failed',
      },
    ],
    [a],
  );
}

function JobDetails({ job }: { job: Job }) {
  const t = useText();
  const a = useAdministrationText();
  const describe = useErrorText();
  const { size, dateTime, percent } = useFormat();
  return (
    <FactList
      facts={[
        'filename' in job ? [a('jobs.document'), job.filename] : [a('admin.workspace'), job.workspace.name],
        [a('jobs.documentNumber'), job.document_id],
        [a('table.state'), a(`job.${job.state}`)],
        [a('jobs.stage'), job.stage && a(`stage.${job.stage}`)],
        [a('jobs.progress'), percent(job.progress)],
        [a('jobs.attempts'), job.attempts],
        [a('table.size'), size(job.byte_size)],
        [a('table.created'), dateTime(job.created_at)],
        [a('jobs.started'), job.started_at && dateTime(job.started_at)],
        [t('error.title'), job.error && describe(job.error)],
      ]}
    />
  );
}
