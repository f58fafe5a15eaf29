using System;
using System.Text;

namespace Sentio
{
    /// <summary>Receives the frames of a <see cref="Zmtp"/>.</summary>
    internal interface IZmtpSink
    {
        /// <summary>One frame of a message; <paramref name="more"/>: whether others follow. The bytes are valid
        /// during the call only.</summary>
        void Part(byte[] bytes, int start, int count, bool more);
    }

    /// <summary>The client's side of a ZMTP 3 connection: bytes in, frames and bytes out.</summary>
    /// <remarks>Opens no socket and reads no clock. Every length is checked at its header, before anything is buffered.
    /// Golden streams: tests/vectors/zmtp. Specifications: rfc.zeromq.org 23 (ZMTP 3.0), 24 (PLAIN) and 37 (PING and
    /// PONG).</remarks>
    internal sealed class Zmtp
    {
        /// <summary>The largest frame, in bytes (PROTOCOL.md, section 2).</summary>
        public const int MaxFrame = 65536;

        /// <summary>Most frames of a message; the protocol has at most two.</summary>
        public const int MaxParts = 8;

        /// <summary>Most commands in one read: bounds the queue of PONGs.</summary>
        public const int MaxCommands = 64;

        private const int MaxContext = 16;
        private const int Greeting = 64;
        private const int Mechanism = 12;

        private enum Step { Greeting, Welcome, Ready, Open, Failed }

        private readonly bool _dealer;
        private readonly string _token;
        private readonly byte[][] _topics;
        private readonly IZmtpSink _sink;
        private readonly byte[] _in = new byte[2 * (MaxFrame + 16)];
        private byte[] _out = new byte[256];
        private int _start;
        private int _end;
        private int _outCount;
        private int _parts;
        private int _commands;
        private Step _step = Step.Greeting;

        /// <summary>Code of the failure, as listed in tests/vectors/README.md; null if there is none.</summary>
        public string Error { get; private set; }

        /// <summary>Details of <see cref="Error"/>, from the peer if it gave any.</summary>
        public string Detail { get; private set; } = "";

        /// <summary>Whether the handshake is done.</summary>
        public bool IsOpen { get { return _step == Step.Open; } }

        /// <summary>For a SUB, or with <paramref name="dealer"/> a DEALER socket.</summary>
        /// <param name="dealer">Whether it sends requests.</param>
        /// <param name="token">Empty if the peer requires none.</param>
        /// <param name="topics">Subscribed to when the connection opens.</param>
        /// <param name="sink">Receives the frames.</param>
        public Zmtp(bool dealer, string token, byte[][] topics, IZmtpSink sink)
        {
            _dealer = dealer;
            _token = token ?? "";
            _topics = topics ?? new byte[0][];
            _sink = sink;
            Put(0xff);
            for (int i = 0; i < 8; i++) Put(0);
            Put(0x7f);
            Put(3);
            Put(0);
        }

        /// <summary>Number of bytes to write.</summary>
        public int OutputCount { get { return _outCount; } }

        /// <summary>The bytes to write: the first <see cref="OutputCount"/>.</summary>
        public byte[] Output { get { return _out; } }

        /// <summary>Removes the first <paramref name="count"/> bytes after they were written.</summary>
        public void Written(int count)
        {
            _outCount -= count;
            Buffer.BlockCopy(_out, count, _out, 0, _outCount);
        }

        /// <summary>Free space for received bytes.</summary>
        public ArraySegment<byte> Room()
        {
            if (_start > 0)
            {
                Buffer.BlockCopy(_in, _start, _in, 0, _end - _start);
                _end -= _start;
                _start = 0;
            }
            return new ArraySegment<byte>(_in, _end, _in.Length - _end);
        }

        /// <summary>Processes bytes that were received into <see cref="Room"/>.</summary>
        public void Fed(int count)
        {
            if (_step == Step.Failed) return;
            _end += count;
            _commands = 0;
            if (_step == Step.Greeting) Greet();
            while (_step > Step.Greeting && _step < Step.Failed && Frame()) { }
        }

        /// <summary>Queues a message of one frame; requires an open connection.</summary>
        public void Send(byte[] body) { Frame(0, body, 0, body.Length); }

        /// <summary>Queues one frame of a message of several.</summary>
        public void Send(byte[] body, bool more) { Frame(more ? 1 : 0, body, 0, body.Length); }

        /// <summary>Queues a PING: the peer may close after this many tenths of a second without traffic (0:
        /// never).</summary>
        public void Ping(int tenths, byte[] context)
        {
            Head(4, 7 + context.Length);
            Name("PING");
            Put((byte)(tenths >> 8));
            Put((byte)tenths);
            Put(context, 0, context.Length);
        }

        private bool Fail(string code, string why)
        {
            _step = Step.Failed;
            Error = code;
            Detail = why;
            _start = _end = _outCount = 0;
            return false;
        }

        private void Greet()
        {
            int size = _end - _start;
            if ((size > 0 && _in[_start] != 0xff) || (size > 9 && _in[_start + 9] != 0x7f))
                Fail("signature", "the peer does not use ZMTP 3");
            else if (size > 10 && _in[_start + 10] < 3) Fail("version", "the peer uses ZMTP " + _in[_start + 10]);
            else if (size >= Mechanism + 20) Agree(Ascii(_start + Mechanism, 20).TrimEnd('\0'), size);
        }

        private void Agree(string mechanism, int size)
        {
            string own = _token.Length > 0 ? "PLAIN" : "NULL";
            if (mechanism != own)
            {
                Fail("mechanism", mechanism);
                return;
            }
            if (size < Greeting) return;
            _start += Greeting;
            foreach (char c in own) Put((byte)c);
            for (int i = own.Length; i < Greeting - Mechanism; i++) Put(0);
            _step = _token.Length > 0 ? Step.Welcome : Step.Ready;
            if (_token.Length > 0) Hello();
            else Metadata("READY");
        }

        private void Hello()
        {
            byte[] password = Encoding.UTF8.GetBytes(_token);
            Head(4, 6 + 7 + 1 + password.Length);
            Name("HELLO");
            Name("sentio");
            Put((byte)password.Length);
            Put(password, 0, password.Length);
        }

        private void Metadata(string command)
        {
            string socket = _dealer ? "DEALER" : "SUB";
            Head(4, 1 + command.Length + 12 + 4 + socket.Length + (_dealer ? 9 + 4 : 0));
            Name(command);
            Property("Socket-Type", socket);
            if (_dealer) Property("Identity", "");
        }

        private bool Frame()
        {
            int waiting = _end - _start;
            if (waiting < 1) return false;
            byte flags = _in[_start];
            if ((flags & 0xf8) != 0 || (flags & 5) == 5) return Fail("malformed", "a frame with the flags 0x" + flags.ToString("x2"));
            int head = (flags & 2) != 0 ? 9 : 2;
            if (waiting < head) return false;
            ulong length = _in[_start + 1];
            if (head == 9)
            {
                length = 0;
                for (int i = 1; i < 9; i++) length = length << 8 | _in[_start + i];
            }
            if (length > MaxFrame) return Fail("oversized", "a frame above " + MaxFrame + " bytes");
            if (waiting < head + (int)length) return false;
            int start = _start + head;
            _start = start + (int)length;
            if ((flags & 4) != 0) return Command(start, (int)length);
            if (_step != Step.Open) return Fail("unexpected", "a message before the handshake was done");
            bool more = (flags & 1) != 0;
            if (++_parts > MaxParts) return Fail("oversized", "a message of more than " + MaxParts + " frames");
            if (!more) _parts = 0;
            _sink.Part(_in, start, (int)length, more);
            return true;
        }

        private bool Command(int start, int length)
        {
            if (++_commands > MaxCommands) return Fail("oversized", "more than " + MaxCommands + " commands at once");
            // libzmq 4.3.5 writes '^RROR' for ERROR: its length byte and the E have become one character.
            if (length >= 5 && Ascii(start, 5) == "^RROR") return Refused(start + 5, length - 5);
            int width = length > 0 ? _in[start] : 0;
            if (width == 0 || 1 + width > length) return Fail("malformed", "a command without a name");
            int body = start + 1 + width, count = length - 1 - width;
            if (_step == Step.Open && Is(start + 1, width, "PING")) return Pong(body, count);
            if (Is(start + 1, width, "ERROR")) return Refused(body, count);
            if (_step == Step.Open) return true;
            if (_step == Step.Welcome && Is(start + 1, width, "WELCOME"))
            {
                _step = Step.Ready;
                Metadata("INITIATE");
                return true;
            }
            if (_step == Step.Ready && Is(start + 1, width, "READY")) return Ready(body, count);
            string name = Ascii(start + 1, Math.Min(width, 16));
            return Fail("unexpected", "the command " + name + " in the handshake");
        }

        private bool Pong(int start, int count)
        {
            if (count < 2 || count > 2 + MaxContext) return Fail("malformed", "a PING of " + count + " bytes");
            Head(4, 5 + count - 2);
            Name("PONG");
            Put(_in, start + 2, count - 2);
            return true;
        }

        private bool Refused(int start, int count)
        {
            return Fail("refused", count > 1 ? Ascii(start + 1, Math.Min(80, count - 1)) : "");
        }

        private bool Ready(int start, int count)
        {
            string peer = "";
            int at = start, end = start + count;
            while (at < end)
            {
                int value = at + 1 + _in[at] + 4;
                if (value > end) return Fail("malformed", "a truncated property");
                string name = Ascii(at + 1, _in[at]);
                long length = (uint)(_in[value - 4] << 24 | _in[value - 3] << 16 | _in[value - 2] << 8 | _in[value - 1]);
                if (length > end - value) return Fail("malformed", "a truncated property");
                at = value + (int)length;
                if (string.Equals(name, "socket-type", StringComparison.OrdinalIgnoreCase)) peer = Ascii(value, (int)length);
            }
            bool fits = _dealer ? peer == "ROUTER" || peer == "REP" || peer == "DEALER" : peer == "PUB" || peer == "XPUB";
            if (!fits) return Fail("socket_type", "a socket of type '" + peer.Substring(0, Math.Min(16, peer.Length)) + "'");
            _step = Step.Open;
            foreach (byte[] topic in _topics)
            {
                Head(0, 1 + topic.Length);
                Put(1);
                Put(topic, 0, topic.Length);
            }
            return true;
        }

        private bool Is(int start, int count, string name)
        {
            if (count != name.Length) return false;
            for (int i = 0; i < count; i++) if (_in[start + i] != name[i]) return false;
            return true;
        }

        private string Ascii(int start, int count) { return Encoding.ASCII.GetString(_in, start, count); }

        private void Frame(int flags, byte[] body, int start, int count)
        {
            Head(flags, count);
            Put(body, start, count);
        }

        private void Head(int flags, int count)
        {
            bool wide = count > 255;
            Put((byte)(flags | (wide ? 2 : 0)));
            for (int shift = wide ? 56 : 0; shift >= 0; shift -= 8) Put((byte)((ulong)count >> shift));
        }

        private void Name(string text)
        {
            Put((byte)text.Length);
            foreach (char c in text) Put((byte)c);
        }

        private void Property(string name, string value)
        {
            Name(name);
            for (int i = 0; i < 3; i++) Put(0);
            Name(value);
        }

        private void Put(byte value)
        {
            if (_outCount == _out.Length) Array.Resize(ref _out, 2 * _outCount);
            _out[_outCount++] = value;
        }

        private void Put(byte[] bytes, int start, int count)
        {
            while (_outCount + count > _out.Length) Array.Resize(ref _out, 2 * _out.Length);
            Buffer.BlockCopy(bytes, start, _out, _outCount, count);
            _outCount += count;
        }
    }
}
