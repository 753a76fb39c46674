import { type ReportEntry, report } from '../../contract/evaluation.ts';
import { DataSetError } from '../data-sets/data-set.ts';
import { readText } from '../data-sets/read-lines.ts';

/** @throws DataSetError when the file is no report. */
export async function readReport(path: string): Promise<ReportEntry[]> {
  const text = await readText(path);
  try {
    return report.parse(JSON.parse(text));
  } catch (error) {
    throw new DataSetError(`${path}: this is no report that --json has saved.`, { cause: error });
  }
}
