import type { Db } from './open-database.ts';

/**
 * The id under which a model's vectors are stored, made on first use.
 *
 * @throws Error when the model was stored with another number of dimensions.
 */
export async function embeddingModelId(db: Db, name: string, dimensions: number): Promise<number> {
  const find = () =>
    db
      .selectFrom('embedding_models')
      .select(['id', 'dimensions'])
      .where('name', '=', name)
      .executeTakeFirst();
  let model = await find();
  if (!model) {
    const insert = db.insertInto('embedding_models').values({ name, dimensions });
    await insert.onConflict(conflict => conflict.column('name').doNothing()).execute();
    model = await find();
  }
  if (!model) throw new Error(`the embedding model ${name} could not be registered`);
  if (model.dimensions !== dimensions)
    throw new Error(
      `the embedding model ${name} had ${model.dimensions} dimensions before and has ${dimensions} now`,
    );
  return model.id;
}

/** The same for a process that asks again and again: an id does not change while the database is open. */
export function rememberEmbeddingModelIds(db: Db): (name: string, dimensions: number) => Promise<number> {
  const known = new Map<string, number>();
  return async (name, dimensions) => {
    const key = JSON.stringify([name, dimensions]);
    const id = known.get(key) ?? (await embeddingModelId(db, name, dimensions));
    known.set(key, id);
    return id;
  };
}
