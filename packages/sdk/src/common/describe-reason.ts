export { describeReason } from '@bluetap/protocol/tools';
