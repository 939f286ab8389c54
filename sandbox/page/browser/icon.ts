import { html } from 'htm/preact';
import type { VNode } from 'preact';

/** Line drawings on a 20 by 20 grid. */
const paths = {
  hash: 'M7.5 3.5 6 16.5M14 3.5l-1.500 13M3.500 7.500h13.500M3 12.500h13.500',
  eye: 'M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5ZM10 12.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400Z',
  close: 'm5 5 10 10M15 5 5 15',
  back: 'm12 4-6 6 6 6',
  send: 'M3.500 4 17 10 3.500 16l2-6-2-6ZM5.500 10H11',
  reply:
    'M3.500 5.500A1.500 1.500 0 0 1 5 4h10a1.500 1.500 0 0 1 1.500 1.500v6A1.500 1.500 0 0 1 15 13H9l-4 3.500V13a1.500 1.500 0 0 1-1.500-1.500Z',
  panel:
    'M3 5.500A1.500 1.500 0 0 1 4.500 4h11A1.500 1.500 0 0 1 17 5.500v9a1.500 1.500 0 0 1-1.500 1.500h-11A1.500 1.500 0 0 1 3 14.500ZM12 4v12',
  menu: 'M3.500 6h13M3.500 10h13M3.500 14h13',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  info: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 9.500V13M10 7h.01',
  warning: 'M10 3.500 17.500 16h-15ZM10 8.500V12M10 14h.01',
  check: 'm4.500 10.500 3.500 3.500 7.500-8',
  chevron: 'm6 8 4 4 4-4',
  home: 'M3.500 9 10 3.500 16.500 9v7.500H12v-4H8v4H3.500Z',
  copy: 'M7.500 7.500h8v9h-8ZM12.500 7.500v-4h-8v9h3',
  down: 'M10 4v12M5 11l5 5 5-5',
  mail: 'M3 5h14v10H3ZM3 6l7 5 7-5',
  card: 'M3 5h14v10.500H3ZM3 8.500h14M6 12.500h3',
  file: 'M5 3h6.500L15 6.500V17H5ZM11.500 3v3.500H15M7.500 10.500h5M7.500 13.500h5',
  clip: 'm14.500 9.500-5 5a3.200 3.200 0 0 1-4.500-4.500l6-6a2.200 2.200 0 0 1 3.100 3.100l-6 6a1.100 1.100 0 0 1-1.600-1.600l5-5',
  download: 'M10 3.500V12M6.500 9l3.500 3.500L13.500 9M4 16.500h12',
  pin: 'M7.500 3.500h5l-.700 5 2.700 3h-9l2.700-3ZM10 11.500V17',
  lock: 'M5 9h10v7.500H5ZM7 9V6.500a3 3 0 0 1 6 0V9',
  wire: 'M3 7h12M12 4l3 3-3 3M17 13H5M8 10l-3 3 3 3',
  window: 'M8 4H4v12h12v-4M11.500 4H16v4.500M16 4l-7 7',
} as const;

export type IconName = keyof typeof paths;

/** A small drawing beside words; the words carry the meaning. */
export function Icon({ name }: { name: IconName }): VNode {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d=${paths[name]} /></svg>`;
}
