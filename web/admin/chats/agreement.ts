const key = (workspaceId: number) => `lectern-looks-at-chats-of-${workspaceId}`;

/** Whether one has said, in this tab, to want to look at the chats of a workspace; each look stands in its log. */
export const hasAgreed = (workspaceId: number): boolean => sessionStorage.getItem(key(workspaceId)) !== null;

export const setAgreed = (workspaceId: number): void => sessionStorage.setItem(key(workspaceId), 'yes');
