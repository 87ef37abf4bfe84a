/** What the app uses of lit-html 3. */
export interface TemplateResult {
  readonly strings: TemplateStringsArray;
  readonly values: unknown[];
}
export function html(strings: TemplateStringsArray, ...values: unknown[]): TemplateResult;
export function svg(strings: TemplateStringsArray, ...values: unknown[]): TemplateResult;
export const nothing: unique symbol;
export const noChange: unique symbol;
export function render(value: unknown, container: HTMLElement | DocumentFragment): unknown;
