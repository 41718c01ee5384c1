import type { Snapshot } from '#lib/server/warehouse/reader.ts';

/** A question whose answer only changes with the data version, asked once of each snapshot; a failure is not kept. */
export function oncePerSnapshot<T, Key = void>(
  read: (snapshot: Snapshot, key: Key) => Promise<T>
): (snapshot: Snapshot, key: Key) => Promise<T> {
  const known = new WeakMap<Snapshot, Map<Key, Promise<T>>>();
  return (snapshot, key) => {
    const answers = known.get(snapshot) ?? new Map<Key, Promise<T>>();
    known.set(snapshot, answers);
    let answer = answers.get(key);
    if (!answer) {
      answer = read(snapshot, key);
      answers.set(key, answer);
      answer.catch(() => answers.delete(key));
    }
    return answer;
  };
}
