import { AppError, type FieldProblem } from '@muster/kit/errors';

/** Collects everything that is wrong with an input, so that a caller hears all of it at once. */
export class Problems {
  readonly #fields: FieldProblem[] = [];

  /** Notes what is wrong with a field: nothing, one thing or several. */
  add(path: string, problems: readonly string[]): void {
    for (const problem of problems) this.#fields.push({ path, problem });
  }

  /** Throws BAD_USER_INPUT with every problem; does nothing where there is none. */
  throwIfAny(): void {
    if (this.#fields.length === 0) return;
    const message = this.#fields.map(({ path, problem }) => `${path} ${problem}`).join('; ');
    throw new AppError('BAD_USER_INPUT', `${message}.`, { fields: this.#fields });
  }
}
