using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using BluetapLib;
using BluetapLib.Json;

namespace Bluetap
{
    /// <summary>The commands that open a session: pay, cancel, status and info.</summary>
    internal static class SessionCommand
    {
        private const long DayS = 86400;

        private static readonly string[] SessionOptions = { "--transport", "--device", "--timeout" };

        public static int Run(string command, string[] words)
        {
            string[] fields = command == "pay"
                ? new[] { "--payment-method", "--amount", "--order-id", "--expiry-time" }
                : command == "cancel" ? new[] { "--order-id" } : new string[0];
            Arguments typed = new Arguments(words, fields.Concat(SessionOptions).ToArray(), new[] { "--json" });
            if (typed.AsksForHelp)
            {
                Output.Print(Help.Of(command));
                return ExitCodes.Ok;
            }

            PayCommand pay = ReadPay(command, typed);
            CallOptions options = new CallOptions { Timeout = typed.Timeout() };
            using (BluetapClient client = OpenClient(typed))
            using (StopSignals stop = new StopSignals())
            {
                options.CancellationToken = stop.Token;
                int exitCode = Call(command, typed, pay, client, options);
                return Output.HasFailed && exitCode == ExitCodes.Ok && !IsCommand(command) ? ExitCodes.Failed
                    : exitCode;
            }
        }

        private static bool IsCommand(string command)
        {
            return command == "pay" || command == "cancel";
        }

        private static int Call(
            string command, Arguments typed, PayCommand pay, BluetapClient client, CallOptions options)
        {
            bool json = typed.Has("--json");
            switch (command)
            {
                case "pay":
                    return Report(command, client.Pay(pay, options), json);
                case "cancel":
                    return Report(command, client.Cancel(typed.Value("--order-id"), options), json);
                case "status":
                    return Ask(json, () =>
                    {
                        PaymentLinkStatus status = client.Status(options);
                        DeviceIdentity device = client.Device;
                        Answer(json, () => ResultJson.Of(status, device), () => ResultText.Of(status, device));
                    });
                default:
                    return Ask(json, () =>
                    {
                        DeviceIdentity device = client.Info(options);
                        Answer(json, () => InfoJson(device), () => ResultText.Of(device));
                    });
            }
        }

        private static JsonObject InfoJson(DeviceIdentity device)
        {
            JsonObject value = new JsonObject();
            value.Add("code", ResultCode.SUCCESS.ToString());
            value.Add("device", ResultJson.Of(device));
            return value;
        }

        private static int Report(string command, CommandResult result, bool json)
        {
            Answer(json, () => ResultJson.Of(result), () => ResultText.Of(command, result));
            if (!json && result.Error != null)
            {
                Output.Note(new[] { "bluetap: " + result.Error.Message, ResultText.Advice(command, result) });
            }

            return ExitCodes.Of(result.Code);
        }

        private static void Answer(bool json, Func<JsonObject> value, Func<string> text)
        {
            if (json)
            {
                Output.PrintJson(value());
            }
            else
            {
                Output.Print(text());
            }
        }

        private static int Ask(bool json, Action ask)
        {
            try
            {
                ask();
                return ExitCodes.Ok;
            }
            catch (Exception error) when (error is BluetapException || error is OperationCanceledException)
            {
                ResultCode code = (error as BluetapException)?.Code ?? ResultCode.PROCESS_FAIL;
                Answer(json, () => ResultJson.OfFailure(code, error), () => code.ToString());
                if (!json)
                {
                    Output.Note(new[] { "bluetap: " + error.Message });
                }

                return ExitCodes.Of(code);
            }
        }

        /// <exception cref="Failure">An option or a variable is wrong (exit code 64). No device was opened.</exception>
        private static BluetapClient OpenClient(Arguments typed)
        {
            string transport = typed.Value("--transport");
            string device = typed.Value("--device");
            if (device != null && device.Length == 0)
            {
                // Otherwise a shell variable that is not set would mean any device.
                throw new Failure(ExitCodes.Usage, "--device must be a serial number or an id, but is \"\".");
            }

            try
            {
                // The variable is not read if the option is given: a wrong value of it then does not matter.
                BluetapClientOptions options = transport == null
                    ? BluetapClientOptions.FromEnvironment()
                    : BluetapClientOptions.FromEnvironment(transport);
                options.Device = device ?? options.Device;
                return new BluetapClient(options);
            }
            catch (FormatException error)
            {
                throw new Failure(ExitCodes.Usage, error.Message.Replace("Address: ", "--transport: "));
            }
        }

        /// <summary>Reads and checks the fields. Amount and order id stay exactly as they were typed.</summary>
        /// <exception cref="Failure">A field breaks its rule (exit code 2).</exception>
        private static PayCommand ReadPay(string command, Arguments typed)
        {
            PayCommand pay = new PayCommand
            {
                PaymentMethod = command == "pay" ? typed.Value("--payment-method") : PaymentMethod.TRUEMONEY.ToString(),
                Amount = typed.Value("--amount"),
                OrderId = typed.Value("--order-id"),
            };
            List<FieldError> errors = pay.Check().ToList();
            List<string> broken = errors.ConvertAll(error => Describe(error.Field, error.Message, error.Reason));
            string expiry = typed.Value("--expiry-time");
            if (expiry != null)
            {
                bool isWhole = int.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds);
                if (isWhole && seconds > 0)
                {
                    pay.ExpiryTime = seconds;
                }
                else
                {
                    string shown = isWhole ? expiry : JsonWriter.Write(expiry);
                    string rule = "must be a whole number of seconds from 1 to 2147483647, but is " + shown;
                    broken.Add(Describe("ExpiryTime", rule, 3));
                }
            }

            if (broken.Count > 0)
            {
                string all = broken.Count + " fields break their rules.\n  " + string.Join("\n  ", broken);
                throw new Failure(ExitCodes.ParamIllegal, broken.Count == 1 ? broken[0] : all);
            }

            NoteLongExpiry(pay.ExpiryTime);
            return pay;
        }

        private static string Describe(string property, string message, int reason)
        {
            string field = char.ToLowerInvariant(property[0]) + property.Substring(1);
            string option = "--" + Regex.Replace(field, "[A-Z]", letter => "-" + letter.Value.ToLowerInvariant());
            string meaning = reason == 1 ? "a required field is missing"
                : reason == 2 ? "the payment method is not known" : "a value breaks its rule";
            return field + " (" + option + ") " + message + " (reason " + reason + ": " + meaning + ")";
        }

        private static void NoteLongExpiry(int seconds)
        {
            if (seconds > DayS)
            {
                long days = seconds / DayS;
                long meant = (seconds + 500L) / 1000;
                Output.Note("bluetap: --expiry-time " + seconds + " is in seconds: more than " +
                    (days == 1 ? "a day" : days + " days") + ". If you meant milliseconds, type --expiry-time " +
                        meant + ".");
            }
        }
    }
}
