export { RULES, type RuleId } from '../../rules.js';
