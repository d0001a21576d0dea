export { RULES, type RuleId } from '../../rules/rules.js';
