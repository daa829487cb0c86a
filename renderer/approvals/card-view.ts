/** What a card shows below its facts: nothing more, or the form of one answer. */
export type CardView = 'facts' | 'edit' | 'deny' | 'grant' | 'comment';
