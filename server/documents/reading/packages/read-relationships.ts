import { posix } from 'node:path';
import { scanMarkup } from '../scan-markup.ts';
import type { ZipArchive } from './zip-archive.ts';

/** @property type the last part of the type's address: "slide", "notesSlide". @property target a part's name. */
export type Relationship = { type: string; target: string };

/**
 * What a part of an Office package refers to, by id. Targets outside of the package (TargetMode="External": web
 * addresses, files on somebody's disk) are left out: Lectern never follows them.
 *
 * @param partName '' for the package itself.
 */
export async function readRelationships(
  archive: ZipArchive,
  partName: string,
): Promise<Map<string, Relationship>> {
  const folder = posix.dirname(partName);
  const xml = await archive.readText(posix.join(folder, '_rels', `${posix.basename(partName)}.rels`));
  const relationships = new Map<string, Relationship>();
  const open = (name: string, { Id, Type, Target, TargetMode }: Record<string, string | undefined>) => {
    if (name !== 'Relationship' || !Id || !Target || TargetMode === 'External') return;
    const target = posix.resolve('/', folder, Target).slice(1);
    relationships.set(Id, { type: posix.basename(Type ?? ''), target });
  };
  scanMarkup(xml ?? '', { open }, 'xml');
  return relationships;
}

/** The package's main part, where its relationships say or where it usually is. */
export async function findMainPart(archive: ZipArchive, usual: string): Promise<string> {
  const relationships = await readRelationships(archive, '');
  const found = [...relationships.values()].find(({ type }) => type === 'officeDocument')?.target;
  return found !== undefined && archive.find(found) ? found : usual;
}
