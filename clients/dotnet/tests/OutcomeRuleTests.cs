using System;
using System.Collections.Generic;
using BluetapLib;
using BluetapLib.Delivery;
using BluetapLib.Protocol;
using BluetapTests.Kit;
using BluetapTests.Transports.Kit;

namespace BluetapTests
{
    /// <summary>Each row of the tables of docs/protocol.md section 4.</summary>
    internal static class OutcomeRuleTests
    {
        private static readonly CommandId Last = new CommandId(5, 3);
        private static readonly CommandId Mine = new CommandId(7, 2);
        private static readonly CommandId Foreign = new CommandId(8, 1);

        public static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            return Case.Named("rules", new Dictionary<string, Action>
            {
                ["a PAY in doubt (R-81)"] = PayInDoubt,
                ["a CANCEL in doubt (R-82)"] = CancelInDoubt,
                ["contradictions (R-83)"] = Contradictions,
                ["the session numbers start again at 1"] = Wrap,
                ["refusals (R-78)"] = Refusals,
                ["the payment link after a refusal"] = LinkAfterRefusal,
            });
        }

        private static void PayInDoubt()
        {
            Attempt pay = AttemptOf(CommandType.Pay);
            Is(pay, 1, Mine, PaymentLinkState.Ready, Outcome.Executed, LinkLive.Yes);
            Is(pay, 1, Mine, PaymentLinkState.Expired, Outcome.Executed, LinkLive.No);
            Is(pay, 1, Last, PaymentLinkState.Ready, Outcome.NotExecuted, LinkLive.No);
            Is(pay, 1, Foreign, PaymentLinkState.Ready, Outcome.Unknown, LinkLive.No);
            Is(pay, 2, null, PaymentLinkState.Idle, Outcome.Unknown, LinkLive.No);
            OutcomeFacts other = OutcomeRules.Settle(pay, new Seen("B", 1, 9, Mine, PaymentLinkState.Ready), false);
            Must.Hold(other.Outcome == Outcome.Unknown && other.LinkLive == LinkLive.Unknown && other.IsPending,
                "another device");
            Attempt first = new Attempt(CommandType.Pay, false, "A", 1, Mine, null);
            Is(first, 1, null, PaymentLinkState.Idle, Outcome.NotExecuted, LinkLive.No);
        }

        private static void CancelInDoubt()
        {
            Attempt cancel = AttemptOf(CommandType.Cancel);
            Attempt oneOrder = AttemptOf(CommandType.Cancel, true);
            Is(cancel, 1, Mine, PaymentLinkState.Cancelled, Outcome.Executed, LinkLive.No);
            Is(cancel, 1, Last, PaymentLinkState.Ready, Outcome.NotExecuted, LinkLive.Yes);
            Is(oneOrder, 1, Last, PaymentLinkState.Ready, Outcome.NotExecuted, LinkLive.Unknown);
            Is(cancel, 1, Last, PaymentLinkState.Expired, Outcome.NotExecuted, LinkLive.No);
            Is(cancel, 1, Foreign, PaymentLinkState.Ready, Outcome.Unknown, LinkLive.Unknown);
            Is(cancel, 1, Foreign, PaymentLinkState.Expired, Outcome.Unknown, LinkLive.No);
            Is(cancel, 2, Foreign, PaymentLinkState.Ready, Outcome.Unknown, LinkLive.Unknown);
        }

        private static void Contradictions()
        {
            Attempt pay = AttemptOf(CommandType.Pay);
            Attempt cancel = AttemptOf(CommandType.Cancel);
            Contradicts(pay, 1, null, PaymentLinkState.Ready, false);
            Contradicts(pay, 1, null, PaymentLinkState.Idle, false);
            Contradicts(pay, 1, new CommandId(7, 1), PaymentLinkState.Ready, false);
            Contradicts(pay, 1, new CommandId(4, 9), PaymentLinkState.Ready, false);
            Contradicts(cancel, 1, Mine, PaymentLinkState.Ready, false);
            Contradicts(pay, 2, Foreign, PaymentLinkState.Ready, true);
            Must.Hold(
                ContradictoryDoubt.Find(pay, new Seen("A", 2, 9, Foreign, PaymentLinkState.Ready), false) == null,
                "a restart on another line is no contradiction");
        }

        private static void Wrap()
        {
            Attempt pay = new Attempt(CommandType.Pay, false, "A", 1, new CommandId(65535, 2), Last);
            Seen later = new Seen("A", 1, 2, new CommandId(1, 4), PaymentLinkState.Ready);
            Must.Hold(ContradictoryDoubt.Find(pay, later, false) == null, "session 1 comes after 65535");
            Seen before = new Seen("A", 1, 2, new CommandId(65534, 4), PaymentLinkState.Ready);
            Must.Hold(ContradictoryDoubt.Find(pay, before, false) != null, "session 65534 comes before 65535");
        }

        private static void Refusals()
        {
            Must.Equal(RefusalWeight.Again, OutcomeRules.Weigh(Reason.NoSuchSession, 1, false), "reason 4");
            Must.Equal(RefusalWeight.Final, OutcomeRules.Weigh(Reason.NoSuchSession, 1, true), "reason 4, again");
            Must.Equal(RefusalWeight.Final, OutcomeRules.Weigh(Reason.SequenceReused, 1, false), "reason 10");
            Must.Equal(RefusalWeight.Doubt, OutcomeRules.Weigh(Reason.NoSuchSession, 2, false), "reason 4, two copies");
            Must.Equal(RefusalWeight.Doubt, OutcomeRules.Weigh(Reason.SequenceReused, 3, false),
                "reason 10, three copies");
            Must.Equal(RefusalWeight.Final, OutcomeRules.Weigh(Reason.NfcFault, 3, false), "reason 6, three copies");
            Must.Equal(RefusalWeight.Final, OutcomeRules.Weigh(99, 2, false), "a later reason");
        }

        private static void LinkAfterRefusal()
        {
            Attempt cancel = AttemptOf(CommandType.Cancel, true);
            const PaymentLinkState Ready = PaymentLinkState.Ready;
            Must.Equal(
                LinkLive.No,
                OutcomeRules.LinkLiveAfter(cancel, Outcome.Refused, Ready, Reason.OrderMismatch),
                "the live one belongs to another order");
            Must.Equal(
                LinkLive.Unknown,
                OutcomeRules.LinkLiveAfter(cancel, Outcome.Refused, PaymentLinkState.Idle, Reason.NoSuchSession),
                "another device can be there now");
        }

        private static Attempt AttemptOf(CommandType type, bool oneOrder = false)
        {
            return new Attempt(type, oneOrder, "A", 1, Mine, Last);
        }

        private static void Is(
            Attempt attempt, uint boot, CommandId last, PaymentLinkState state, Outcome outcome, LinkLive live)
        {
            OutcomeFacts facts = OutcomeRules.Settle(attempt, new Seen("A", boot, 9, last, state), false);
            string row = attempt.Command + " boot " + boot + " last " + last + " " + state;
            Must.Equal(outcome + " " + live + " False", facts.Outcome + " " + facts.LinkLive + " " + facts.IsPending,
                row);
        }

        private static void Contradicts(Attempt attempt, uint boot, CommandId last, PaymentLinkState state,
            bool lineStayed)
        {
            Seen seen = new Seen("A", boot, 9, last, state);
            Must.Hold(ContradictoryDoubt.Find(attempt, seen, lineStayed) != null, last + " " + state +
                " is a contradiction");
            OutcomeFacts facts = OutcomeRules.Settle(attempt, seen, lineStayed);
            LinkLive live = state == PaymentLinkState.Ready ? LinkLive.Unknown : LinkLive.No;
            Must.Equal(Outcome.Unknown + " " + live, facts.Outcome + " " + facts.LinkLive, last + " " + state);
        }
    }
}
