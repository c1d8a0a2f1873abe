import { newToken } from '@muster/kit/tokens';
import { hash, type Options, verify } from '@node-rs/argon2';
import { Slots } from './slots.ts';

/** `Algorithm.Argon2id`, an ambient enum that isolated modules cannot read. */
const ARGON2ID = 2;
/** OWASP's first choice for argon2id: 19 MiB, two passes. */
const OPTIONS: Options = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Each hash takes 19 MiB and a core for some 20 ms: four at once bound memory, a hundred waiting bound the delay. */
const LIMITS = { running: 4, waiting: 100 };

/** Hashes and checks passwords; a check takes the same time whether or not there is a hash to check against. */
export class Passwords {
  readonly #slots = new Slots(LIMITS);
  readonly #decoy: string;

  private constructor(decoy: string) {
    this.#decoy = decoy;
  }

  static async create(): Promise<Passwords> {
    return new Passwords(await hash(newToken('decoy'), OPTIONS));
  }

  hash(password: string): Promise<string> {
    return this.#slots.run(() => hash(normalize(password), OPTIONS));
  }

  /** True where the password made the hash; without a hash false, after the same work. */
  async isRight(password: string, storedHash: string | null | undefined): Promise<boolean> {
    const isMatch = await this.#slots.run(() => verify(storedHash ?? this.#decoy, normalize(password)));
    return isMatch && storedHash != null;
  }
}

/** Keyboards spell the same character in several ways; a password is what people see. */
function normalize(password: string): string {
  return password.normalize('NFKC');
}
