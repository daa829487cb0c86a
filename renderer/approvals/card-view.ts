/** What a card shows below the call: nothing more, or the form of one answer. */
export type CardView = 'facts' | 'deny' | 'grant' | 'comment';
