using System;
using System.Diagnostics;
using BluetapLib.Json;

namespace BluetapLib
{
    /// <summary>
    /// The vendor's call in the vendor's shape: it takes a command, returns a <see cref="ResultCode"/> and never
    /// throws.
    /// </summary>
    /// <remarks>
    /// The environment variables BLUETAP_TRANSPORT, BLUETAP_DEVICE and BLUETAP_ALLOW_SIMULATED choose the device; see
    /// <see cref="BluetapClientOptions"/>. Every code but SUCCESS also writes one line to stderr and to
    /// <see cref="Trace"/>, because many programs do not look at the result. A program that ends without
    /// <see cref="Dispose"/> leaves nothing behind.
    /// </remarks>
    public sealed class TinyCommand : IDisposable
    {
        private readonly object door = new object();
        private readonly BluetapClientOptions options;
        private BluetapClient client;
        private bool isDisposed;

        /// <summary>Creates the object. It opens nothing: the first call does.</summary>
        public TinyCommand()
            : this(null)
        {
        }

        /// <summary>Creates the object with options of a program, in place of the environment variables.</summary>
        /// <param name="options">The options; null for those of the environment variables.</param>
        public TinyCommand(BluetapClientOptions options)
        {
            this.options = options;
        }

        /// <summary>
        /// The whole result of the call that ended last; null before the first one. With calls of several threads, it
        /// can be the result of another call: <see cref="SendPayCommandWithResult"/> returns the result of its own.
        /// </summary>
        public CommandResult LastResult { get; private set; }

        /// <summary>
        /// Asks the device to show the payment link of a command. It never throws. It waits at most 5 seconds.
        /// </summary>
        /// <param name="payCommand">The command.</param>
        /// <returns>
        /// SUCCESS if the payment link is shown. SUCCESS never means that the shopper has paid. Any other code says why
        /// there is no SUCCESS; <see cref="LastResult"/> says whether the command may be sent again.
        /// </returns>
        public ResultCode SendPayCommand(PayCommand payCommand)
        {
            return SendPayCommandWithResult(payCommand).Code;
        }

        /// <summary>Asks the device to end its payment link. It never throws.</summary>
        /// <param name="orderId">
        /// Only the payment link of this order; null for the live one, whatever its order is.
        /// </param>
        /// <returns>SUCCESS if no such payment link is live now.</returns>
        public ResultCode SendCancelCommand(string orderId = null)
        {
            return SendCancelCommandWithResult(orderId).Code;
        }

        /// <summary>Does what <see cref="SendPayCommand"/> does, and returns the whole result of this call.</summary>
        /// <param name="payCommand">The command.</param>
        /// <returns>The result with both facts.</returns>
        public CommandResult SendPayCommandWithResult(PayCommand payCommand)
        {
            return Send("SendPayCommand", CommandType.Pay, () => Delivery.Validation.Check(payCommand), open =>
                open.Pay(payCommand));
        }

        /// <summary>
        /// Does what <see cref="SendCancelCommand"/> does, and returns the whole result of this call.
        /// </summary>
        /// <param name="orderId">Only the payment link of this order; null for the live one.</param>
        /// <returns>The result with both facts.</returns>
        public CommandResult SendCancelCommandWithResult(string orderId = null)
        {
            return Send(
                "SendCancelCommand",
                CommandType.Cancel,
                () => Delivery.Validation.CheckOrderId(orderId),
                open => open.Cancel(orderId));
        }

        /// <summary>
        /// Ends every call and closes the device. It can be called any number of times. It never throws.
        /// </summary>
        public void Dispose()
        {
            BluetapClient open;
            lock (door)
            {
                isDisposed = true;
                open = client;
            }

            open?.Dispose();
        }

        private CommandResult Send(
            string name,
            CommandType type,
            Func<System.Collections.Generic.List<FieldError>> check,
            Func<BluetapClient, CommandResult> send)
        {
            CommandResult result;
            try
            {
                // A wrong field is told as such also when the environment is wrong.
                Delivery.Validation.ThrowIfAny(check());
                result = send(Client());
            }
            catch (Exception error)
            {
                // Also DllNotFoundException: nothing was sent, because Pay and Cancel never throw.
                result = Delivery.Results.NotSent(type, error as BluetapException ??
                    new BluetapException(ResultCode.DEVICE_DISCONNECTED, error.Message, error));
            }

            LastResult = result;
            if (result.Code != ResultCode.SUCCESS)
            {
                Tell("BluetapLib: " + name + ": " + result.Code + ": " + result.Error.Message);
            }

            return result;
        }

        private BluetapClient Client()
        {
            lock (door)
            {
                if (client == null)
                {
                    client = new BluetapClient(options ?? BluetapClientOptions.FromEnvironment());
                    if (isDisposed)
                    {
                        client.Dispose();
                    }
                }

                return client;
            }
        }

        private static void Tell(string line)
        {
            string shown = Unprintable.Printable(line);
            try
            {
                Console.Error.WriteLine(shown);
                Trace.WriteLine(shown);
            }
            catch (Exception)
            {
                // A closed stderr or a listener of the program that throws must not reach a payment.
            }
        }
    }
}
