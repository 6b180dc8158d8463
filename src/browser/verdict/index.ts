/**
 * `huoyan/verdict`: the element `<huoyan-verdict>`, which shows what was found out about a file beside it, on any page:
 *
 * ```html
 * <script type="module" src="/verdict/index.js"></script>
 * <huoyan-verdict src="photo.huoyan.json"></huoyan-verdict>
 * ```
 *
 * Importing it defines the element where there is a document; elsewhere it does nothing.
 */
import { defineVerdict } from './element.ts';

export { defineVerdict, type VerdictElement } from './element.ts';

if (typeof customElements !== 'undefined') defineVerdict();
