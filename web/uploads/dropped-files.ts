/** Files that systems put into folders and nobody means. */
const meaningless = /^(\.|Thumbs\.db$|desktop\.ini$)/i;

/** All files that were dropped, those in folders too. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // Entries must be taken before the first wait: the list is emptied after the event.
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry()).filter(entry => entry !== null);
  if (entries.length === 0) return meant([...transfer.files]);
  const lists = await Promise.all(entries.map(listFiles));
  return meant(lists.flat());
}

/** Without hidden files. */
export const meant = (files: File[]) => files.filter(file => !meaningless.test(file.name));

async function listFiles(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // A folder tells its entries a hundred at a time.
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return files;
    for (const inside of batch) files.push(...(await listFiles(inside)));
  }
}
