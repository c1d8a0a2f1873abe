/** How loud a button is: one primary per view. */
export type ButtonVariant = 'primary' | 'outline' | 'ghost' | 'danger';

/** Heights 32, 28 and a 32 px square. */
export type ButtonSize = 'md' | 'sm' | 'icon';

const base =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none transition-colors duration-100 disabled:opacity-55 aria-disabled:opacity-55';

const variants: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-accent-ink enabled:hover:bg-accent-hover [a&]:hover:bg-accent-hover',
  outline: 'border border-line bg-surface enabled:hover:bg-sunken [a&]:hover:bg-sunken',
  ghost: 'text-text enabled:hover:bg-sunken [a&]:hover:bg-sunken',
  danger: 'border border-crit/40 bg-surface text-crit enabled:hover:bg-crit-soft',
};

const sizes: Record<ButtonSize, string> = { md: 'h-8 px-3 text-sm', sm: 'h-7 px-2.5 text-xs', icon: 'size-8' };

/** The classes of a button; callers add layout classes only. */
export function buttonClass(variant: ButtonVariant = 'outline', size: ButtonSize = 'md'): string {
  return `${base} ${variants[variant]} ${sizes[size]}`;
}
