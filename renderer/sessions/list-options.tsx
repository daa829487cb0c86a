import { ListFilter } from 'lucide-react';
import type { ListFilter as Filter, ListOrder } from '../../shared/ipc/contract.ts';
import { setListFilter, setListOrder, useUi } from '../state/ui-store.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, type MenuChoice, MenuChoices, MenuSeparator } from '../ui/menu.tsx';

const orders: MenuChoice<ListOrder>[] = [
  { value: 'created', label: 'Newest first' },
  { value: 'updated', label: 'Last changed first' },
  { value: 'title', label: 'By title' },
  { value: 'cost', label: 'By cost' },
];

const filters: MenuChoice<Filter>[] = [
  { value: 'all', label: 'All' },
  { value: 'working', label: 'At work' },
  { value: 'waiting', label: 'Waiting for you' },
  { value: 'done', label: 'Ended' },
  { value: 'archived', label: 'Archived' },
];

export const filterLabel = (filter: Filter): string =>
  String(filters.find((choice) => choice.value === filter)?.label ?? filter);

/** In which order sessions are listed, and which. */
export function ListOptions() {
  const order = useUi((ui) => ui.listOrder);
  const filter = useUi((ui) => ui.listFilter);
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="Order and filter" aria-pressed={filter !== 'all'}>
          <ListFilter />
        </IconButton>
      }
    >
      <MenuChoices value={order} choices={orders} onChange={setListOrder} />
      <MenuSeparator />
      <MenuChoices value={filter} choices={filters} onChange={setListFilter} />
    </Menu>
  );
}
