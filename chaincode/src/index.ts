export { contracts } from './contracts.js';
