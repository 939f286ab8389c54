import type PDFDocument from 'pdfkit';

/** The paper that is being written on. */
export type Sheet = InstanceType<typeof PDFDocument>;

/** In points; and the two inks. */
export const sizes = {
  title: 13.5,
  heading: 11.5,
  text: 9.5,
  cell: 8,
  foot: 7.5,
  ink: '#1a1d21',
  grey: '#5c6066',
  line: '#c9ccd1',
  shade: '#f1f2f4',
} as const;
