import { useMemo } from 'react';
import { useAddressParameters } from '../../ui/use-address-parameters.ts';
import { beginOf, endOf } from './day-bounds.ts';
import type { Filter, Order } from './table-view.ts';

export type TableAddress = {
  value: (name: string) => string;
  set: (values: Record<string, string>) => void;
  sort: string | undefined;
  order: Order;
  isNarrowed: boolean;
  /** Query parameters of the API for what the address says. */
  query: string;
  /** Those of them that say which rows there are, whatever their order. */
  filter: string;
};

/** Search, filters and order of a table stand in the address: every view of it can be shared. */
export function useTableAddress(filters: readonly Filter[], standardOrder: Order = 'desc'): TableAddress {
  const [parameters, change] = useAddressParameters();
  return useMemo(() => {
    const value = (name: string) => parameters.get(name) ?? '';
    const sort = parameters.get('sort') ?? undefined;
    const order = toOrder(parameters.get('order')) ?? standardOrder;
    const narrowing = new URLSearchParams();
    const q = value('q').trim();
    if (q) narrowing.set('q', q);
    const used = filters.filter(({ name }) => value(name) !== '');
    for (const filter of used) narrowing.set(filter.name, toParameter(filter, value(filter.name)));
    const query = new URLSearchParams({ order, ...(sort !== undefined && { sort }) });
    for (const [name, text] of narrowing) query.set(name, text);
    return {
      value,
      sort,
      order,
      isNarrowed: q !== '' || used.length > 0,
      query: query.toString(),
      filter: narrowing.toString(),
      set: change,
    };
  }, [parameters, change, filters, standardOrder]);
}

const toOrder = (given: string | null): Order | undefined =>
  given === 'asc' || given === 'desc' ? given : undefined;

function toParameter({ kind }: Filter, value: string): string {
  if (kind === 'from') return beginOf(value);
  return kind === 'to' ? endOf(value) : value;
}
