using System;
using System.IO;
using System.Text;
using BluetapLib;
using BluetapLib.Json;

namespace Bluetap
{
    /// <summary>Reads calls from stdin, one JSON object on each line. One client makes all of them.</summary>
    internal sealed class LinesCommand
    {
        private readonly BluetapClient client;
        private readonly object door = new object();
        private Attempt doubt;
        private JsonObject latest;

        private LinesCommand(BluetapClient client)
        {
            this.client = client;
            client.Resolved += OnResolved;
        }

        public static int Run(string[] words)
        {
            Arguments typed = new Arguments(words, new string[0], new string[0]);
            if (typed.AsksForHelp)
            {
                Output.Print(Help.Of("--lines"));
                return ExitCodes.Ok;
            }

            try
            {
                using (BluetapClient client = new BluetapClient())
                using (StreamReader input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false)))
                {
                    LinesCommand lines = new LinesCommand(client);
                    string line;
                    while ((line = input.ReadLine()) != null)
                    {
                        Output.PrintJson(lines.Answer(line));
                    }
                }

                return Output.HasFailed ? ExitCodes.Failed : ExitCodes.Ok;
            }
            catch (FormatException error)
            {
                throw new Failure(ExitCodes.Usage, error.Message);
            }
        }

        private JsonObject Answer(string line)
        {
            try
            {
                JsonObject typed = JsonReader.Read(line) as JsonObject ?? throw new FormatException("no JSON object");
                CallOptions options = new CallOptions();
                if (typed.Has("timeoutMs"))
                {
                    options.Timeout = TimeSpan.FromMilliseconds(typed["timeoutMs"] is long ms ? ms : 0);
                }

                switch (typed["do"] as string)
                {
                    case "pay": return Take(client.Pay(PayOf(typed), options));
                    case "cancel": return Take(client.Cancel(Text(typed, "orderId"), options));
                    case "status":
                        PaymentLinkStatus status = client.Status(options);
                        return ResultJson.Of(status, client.Device);
                    case "outcome": return AskAgain(options);
                    default: throw new FormatException("\"do\" must be pay, cancel, status or outcome");
                }
            }
            catch (FormatException error)
            {
                return Illegal("A line must be one JSON object: " + error.Message);
            }
            catch (BluetapException error)
            {
                return ResultJson.OfFailure(error.Code, error);
            }
        }

        private JsonObject Take(CommandResult result)
        {
            lock (door)
            {
                doubt = result.IsPending ? result.Attempt : null;
                latest = ResultJson.Of(result);
                return latest;
            }
        }

        private JsonObject AskAgain(CallOptions options)
        {
            Attempt asked;
            lock (door)
            {
                asked = doubt;
                if (asked == null)
                {
                    return latest ?? Illegal("There was no command to ask about.");
                }
            }

            OutcomeFacts facts = client.OutcomeOf(asked, options);
            lock (door)
            {
                doubt = facts.IsPending ? asked : null;
                latest = ResultJson.Of(facts);
                return latest;
            }
        }

        private void OnResolved(object sender, ResolvedEventArgs resolved)
        {
            lock (door)
            {
                if (doubt != null && doubt.Id.Equals(resolved.Attempt.Id))
                {
                    doubt = null;
                    latest = ResultJson.Of(resolved.Facts);
                }
            }
        }

        private static PayCommand PayOf(JsonObject typed)
        {
            PayCommand pay = new PayCommand
            {
                PaymentMethod = Text(typed, "paymentMethod"),
                Amount = Text(typed, "amount"),
                OrderId = Text(typed, "orderId"),
            };
            if (typed.Has("expiryTime"))
            {
                // A value that is no number of this size breaks the rule of the field, as 0 does.
                pay.ExpiryTime = typed["expiryTime"] is long seconds && seconds <= int.MaxValue && seconds > 0
                    ? (int)seconds : 0;
            }

            return pay;
        }

        private static string Text(JsonObject typed, string name)
        {
            object value = typed[name];
            return value == null && !typed.Has(name) ? null
                : value as string ?? throw new FormatException("\"" + name + "\" must be a string");
        }

        private static JsonObject Illegal(string message)
        {
            JsonObject value = new JsonObject();
            value.Add("code", ResultCode.PARAM_ILLEGAL.ToString());
            value.Add("outcome", "not-sent");
            JsonObject error = new JsonObject();
            error.Add("message", message);
            value.Add("error", error);
            return value;
        }
    }
}
