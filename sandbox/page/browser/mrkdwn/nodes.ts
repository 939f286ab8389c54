/** What a piece of text means, once read; drawing it can only make elements, never markup. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; url: string; label: string }
  | { kind: 'user' | 'channel' | 'usergroup'; id: string; label: string }
  | { kind: 'broadcast'; name: string }
  | { kind: 'date'; seconds: number; format: string; url: string | null; fallback: string }
  | { kind: 'emoji'; character: string; name: string };

export type Paragraph =
  | { kind: 'paragraph' | 'quote'; children: Inline[] }
  | { kind: 'heading'; level: number; children: Inline[] }
  | { kind: 'item'; marker: string; depth: number; children: Inline[] }
  | { kind: 'preformatted'; text: string }
  | { kind: 'rule' };
