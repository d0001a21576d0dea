using System;
using BluetapLib.Protocol;
using BluetapLib.Sessions;

namespace BluetapLib.Delivery
{
    /// <summary>
    /// The results of a command: one function for each way in which it can end. docs/protocol.md section 4.
    /// </summary>
    internal static class Results
    {
        /// <summary>The device has answered SUCCESS. A LINK behind the reply counts.</summary>
        public static CommandResult Executed(Attempt attempt, Message reply, HostSession session)
        {
            LinkSeen since = session.Since;
            PaymentLinkState state = since?.State ?? reply.State;
            LinkLive live = OutcomeRules.LinkLiveAfter(attempt, Outcome.Executed, state);
            CommandResult result = new CommandResult(ResultCode.SUCCESS, new OutcomeFacts(Outcome.Executed, live))
            {
                State = state,
                Attempt = attempt,
            };
            if (reply.Type == MessageType.CancelReply)
            {
                result.Taps = session.MostTaps;
                return result;
            }

            bool over = since != null && state != PaymentLinkState.Ready;
            result.Remaining = over ? 0 : reply.Number(Field.Remaining);
            result.Previous = (PreviousPaymentLink)reply[Field.Previous];
            result.Taps = since?.Taps;
            return result;
        }

        /// <summary>The device has refused the command.</summary>
        public static CommandResult Refused(Attempt attempt, Message refusal, HostSession session)
        {
            PaymentLinkState state = session.Since?.State ?? refusal.State;
            LinkLive live = OutcomeRules.LinkLiveAfter(attempt, Outcome.Refused, state, refusal.Reason);
            return new CommandResult(refusal.Result, new OutcomeFacts(Outcome.Refused, live))
            {
                State = state,
                Attempt = attempt,
                Error = Refusal(attempt, refusal),
            };
        }

        /// <summary>A refusal that the program gets later: the state can have changed since.</summary>
        public static CommandResult RefusedEarlier(Attempt attempt, Message refusal)
        {
            LinkLive live = attempt.Command == CommandType.Pay ? LinkLive.No : LinkLive.Unknown;
            return new CommandResult(refusal.Result, new OutcomeFacts(Outcome.Refused, live))
            {
                Attempt = attempt,
                Error = Refusal(attempt, refusal),
            };
        }

        /// <summary>No byte of the command has left this computer.</summary>
        public static CommandResult NotSent(CommandType command, Exception why)
        {
            BluetapException error = why as BluetapException;
            if (error == null || error.Code == ResultCode.UNKNOWN_EXCEPTION)
            {
                error = new BluetapException(ResultCode.PROCESS_FAIL, why.Message, why);
            }

            // A CANCEL that was never sent changes no payment link.
            LinkLive live = command == CommandType.Pay ? LinkLive.No : LinkLive.Unknown;
            return new CommandResult(error.Code, new OutcomeFacts(Outcome.NotSent, live)) { Error = error };
        }

        /// <summary>Something failed that was not foreseen. The result claims nothing about the command.</summary>
        public static CommandResult Unforeseen(Exception cause)
        {
            string text = "Something unexpected failed, so ask the acquirer before you send it again: " + cause.Message;
            OutcomeFacts facts = new OutcomeFacts(Outcome.Unknown, LinkLive.Unknown);
            return new CommandResult(ResultCode.UNKNOWN_EXCEPTION, facts)
            {
                Error = new BluetapException(ResultCode.UNKNOWN_EXCEPTION, text, cause),
            };
        }

        /// <summary>The reply to HELLO has settled the doubt, or has left it open.</summary>
        public static CommandResult Settled(
            Attempt attempt, OutcomeFacts facts, HostSession now, Exception cause, string contradiction)
        {
            ResultCode code = CodeOf(facts);
            CommandResult result = new CommandResult(code, facts) { Attempt = attempt };
            if (!facts.IsPending)
            {
                // The payment link of another device says nothing about this one.
                result.State = now.Latest.State;
                result.Taps = now.Latest.Taps;
            }

            if (code != ResultCode.SUCCESS)
            {
                result.Error = new BluetapException(code, TextOf(facts, now, contradiction), cause);
            }

            return result;
        }

        /// <summary>The call ends before the device has told the outcome.</summary>
        public static CommandResult LeftInDoubt(Attempt attempt, bool channelOpen, Exception cause, Scope scope)
        {
            ResultCode code = channelOpen ? ResultCode.UNKNOWN_EXCEPTION : ResultCode.DEVICE_DISCONNECTED;
            string serialNumber = attempt.SerialNumber;
            string what = !channelOpen
                ? "but " + serialNumber + " is gone"
                : scope.TimeWasUp
                    ? "but " + serialNumber + " has not answered"
                    : "and the call was given up before " + serialNumber + " answered";
            string text = (attempt.Command == CommandType.Pay ? "PAY" : "CANCEL") + " was sent, " + what +
                ": whether it was executed is not known yet, so do not send it again. " + cause.Message;
            return new CommandResult(code, new OutcomeFacts(Outcome.Unknown, LinkLive.Unknown, true))
            {
                Attempt = attempt,
                Error = new BluetapException(code, text, cause),
            };
        }

        private static BluetapException Refusal(Attempt attempt, Message refusal)
        {
            int reason = refusal.Reason.Value;
            string text = attempt.SerialNumber + " refused " +
                (attempt.Command == CommandType.Pay ? "PAY" : "CANCEL") + ": " + Reason.Describe(reason) +
                " (reason " + reason + ").";
            return new BluetapException(refusal.Result, text, null, reason);
        }

        private static ResultCode CodeOf(OutcomeFacts facts)
        {
            switch (facts.Outcome)
            {
                case Outcome.Executed: return ResultCode.SUCCESS;
                case Outcome.NotExecuted: return ResultCode.PROCESS_FAIL;
                default: return facts.IsPending ? ResultCode.DEVICE_DISCONNECTED : ResultCode.UNKNOWN_EXCEPTION;
            }
        }

        private static string TextOf(OutcomeFacts facts, HostSession now, string contradiction)
        {
            if (facts.Outcome == Outcome.NotExecuted)
            {
                return "No reply came, and the device says that it did not execute the command: send it again.";
            }

            if (contradiction != null)
            {
                return "No reply came that can be believed, and " + now.Device.SerialNumber +
                    " contradicts itself: it " +
                    contradiction + ". Ask the acquirer before you send it again.";
            }

            return facts.IsPending
                ? "No reply came, and another device answers now: whether the first one executed the command is not " +
                    "known. Connect the first one again."
                : "No reply came, and the device cannot tell any more: it restarted, or another host has used it " +
                    "since. Ask the acquirer before you send it again.";
        }
    }
}
