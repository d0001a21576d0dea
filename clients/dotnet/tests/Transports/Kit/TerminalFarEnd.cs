using System;
using System.Linq;
using BluetapLib.Transports;
using BluetapLib.Transports.Linux;

namespace BluetapTests.Transports.Kit
{
    /// <summary>A device behind a pseudo-terminal, opened as a serial port.</summary>
    internal class TerminalFarEnd : FarEnd
    {
        private readonly PseudoTerminal _terminal = new PseudoTerminal();

        internal TerminalFarEnd()
        {
            Transport = TransportFactory.Create("serial:" + _terminal.Path);
        }

        internal override ITransport Transport { get; }

        internal override bool CanBeOpenedTwice => false;

        protected PseudoTerminal Terminal => _terminal;

        internal override void Send(byte[] data)
        {
            _terminal.Send(data);
        }

        internal override byte[] Take()
        {
            return _terminal.Receive();
        }

        internal override void Unplug()
        {
            _terminal.Dispose();
        }

        public override void Dispose()
        {
            _terminal.Dispose();
        }
    }

    /// <summary>
    /// A device in a made tree of files of the kernel, with a pseudo-terminal in the place of its node. It keeps no
    /// borders between reports, so each report of the host is checked and cut here.
    /// </summary>
    internal sealed class HidFarEnd : TerminalFarEnd
    {
        private readonly SysTree _tree = new SysTree();
        private readonly System.Collections.Generic.List<byte> _part = new System.Collections.Generic.List<byte>();

        internal HidFarEnd()
        {
            _tree.Add(0, serial: "BT-0001");
            PseudoTerminal.Link(Terminal.Path, _tree.Node(0));
            Transport = new HidLinux(null, _tree.Sys, _tree.Dev);
        }

        internal override ITransport Transport { get; }

        internal override bool CanBeOpenedTwice => true;

        internal override byte[] Take()
        {
            while (true)
            {
                _part.AddRange(base.Take());
                int whole = _part.Count / 65;
                if (whole == 0) continue;
                byte[] reports = _part.Take(whole * 65).ToArray();
                _part.RemoveRange(0, reports.Length);
                for (int at = 0; at < reports.Length; at += 65) Must.Equal(0, (int)reports[at], "the report number");
                return reports;
            }
        }

        internal override void Unplug()
        {
            base.Unplug();
            _tree.Remove(0);
        }

        public override void Dispose()
        {
            base.Dispose();
            _tree.Dispose();
        }
    }
}
