/**
 * A vector as pgvector's binary format (int16 dimensions, int16 unused, float32 each, big endian): as a
 * Buffer parameter it is sent as it is, ten times faster than text.
 */
export function toVectorParameter(vector: Float32Array): Buffer {
  const buffer = Buffer.allocUnsafe(4 + 4 * vector.length);
  buffer.writeInt16BE(vector.length, 0);
  buffer.writeInt16BE(0, 2);
  for (const [index, value] of vector.entries()) buffer.writeFloatBE(value, 4 + 4 * index);
  return buffer;
}
