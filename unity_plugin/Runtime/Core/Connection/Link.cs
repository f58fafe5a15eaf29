using System;
using System.Net;
using System.Net.Sockets;

namespace Sentio
{
    /// <summary>One connection to the sidecar: connects, performs the handshake, answers heartbeats, detects timeouts,
    /// and reconnects with growing delays.</summary>
    /// <remarks>Used by one thread, which calls <see cref="Poll"/>; nothing blocks.</remarks>
    internal sealed class Link : IDisposable
    {
        /// <summary>Most bytes queued for writing; a peer that does not read is dropped.</summary>
        private const int WriteLimit = 262144;

        /// <summary>Most reads in one poll: a flood must not starve other work.</summary>
        private const int MostReads = 8;

        private static readonly byte[] NoContext = new byte[0];

        private readonly string _host;
        private readonly int _port;
        private readonly bool _dealer;
        private readonly string _token;
        private readonly LaunchToken _launched;
        private readonly byte[][] _topics;
        private readonly LinkLimits _limits;
        private readonly IZmtpSink _sink;
        private readonly Backoff _backoff;
        private Socket _socket;
        private Zmtp _zmtp;
        private bool _connecting;
        private bool _up;
        private double _began, _received, _pinged, _again;

        /// <summary>Connects to a host and port; see <see cref="Zmtp"/> for the other parameters. Without a token the one
        /// of a sidecar that this game has started is used, or of the user's token file.</summary>
        public Link(string host, int port, bool dealer, string token, byte[][] topics, LinkLimits limits, IZmtpSink sink,
            LaunchToken launched = null)
        {
            _launched = launched;
            _host = host;
            _port = port;
            _dealer = dealer;
            _token = token ?? "";
            _topics = topics;
            _limits = limits;
            _sink = sink;
            _backoff = new Backoff(limits.FirstWait, limits.LongestWait, new Random());
        }

        /// <summary>Whether the handshake is done.</summary>
        public bool IsUp { get { return _up; } }

        /// <summary>Number of successful connections.</summary>
        public int Ups { get; private set; }

        /// <summary>Why the last attempt failed: a code of <see cref="Zmtp"/>, or unreachable, timeout, silent, lost,
        /// hung_up or slow; empty while it is up.</summary>
        public string Code { get; private set; } = "";

        /// <summary>Details of <see cref="Code"/>, if the peer gave any.</summary>
        public string Detail { get; private set; } = "";

        /// <summary>The connected socket, to wait on; null if there is none.</summary>
        public Socket Socket { get { return _connecting ? null : _socket; } }

        /// <summary>Processes what is due at <paramref name="now"/>, seconds of the caller's clock.</summary>
        public void Poll(double now)
        {
            if (_socket == null && now >= _again) Connect(now);
            if (_connecting) AwaitConnection(now);
            if (_socket == null || _connecting) return;
            Read(now);
            if (_socket != null) KeepAlive(now);
            if (_socket != null) Write();
        }

        /// <summary>Queues and writes a message of one frame; false if the connection is not up.</summary>
        public bool Send(byte[] body)
        {
            if (!_up) return false;
            _zmtp.Send(body);
            Write();
            return _up;
        }

        /// <summary>Closes the connection.</summary>
        public void Dispose()
        {
            if (_socket != null) _socket.Close();
            _socket = null;
            _connecting = _up = false;
        }

        // A sidecar has a new token at every start: searched for before every attempt.
        private string FindToken()
        {
            if (_token.Length > 0) return _token;
            string launched = _launched == null ? "" : _launched.Value;
            return launched.Length > 0 ? launched : TokenFile.Find(_host, _port);
        }

        private void Connect(double now)
        {
            _zmtp = new Zmtp(_dealer, FindToken(), _topics, _sink);
            _began = now;
            try
            {
                IPAddress address;
                if (!IPAddress.TryParse(_host, out address)) address = Dns.GetHostAddresses(_host)[0];
                _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                _socket.NoDelay = true;
                _socket.Blocking = false;
                _connecting = true;
                _socket.Connect(new IPEndPoint(address, _port));
                Connected(now);
            }
            catch (SocketException error)
            {
                bool underway = error.SocketErrorCode == SocketError.WouldBlock || error.SocketErrorCode == SocketError.InProgress;
                if (!underway) Fail("unreachable", "", now);
            }
        }

        private void AwaitConnection(double now)
        {
            try
            {
                if (_socket.Poll(0, SelectMode.SelectError)) Fail("unreachable", "", now);
                else if (_socket.Poll(0, SelectMode.SelectWrite))
                {
                    object code = _socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error);
                    if (code is int && (int)code != 0) Fail("unreachable", "", now);
                    else Connected(now);
                }
                else if (now - _began > _limits.HandshakeTimeout) Fail("unreachable", "", now);
            }
            catch (SocketException)
            {
                Fail("unreachable", "", now);
            }
        }

        private void Connected(double now)
        {
            _connecting = false;
            _received = _pinged = now;
        }

        private void Read(double now)
        {
            try
            {
                // Reads without polling first: a poll would double the cost of a message.
                for (int reads = 0; reads < MostReads && _socket != null; reads++)
                {
                    SocketError error;
                    ArraySegment<byte> room = _zmtp.Room();
                    int count = _socket.Receive(room.Array, room.Offset, room.Count, SocketFlags.None, out error);
                    if (error == SocketError.WouldBlock) return;
                    if (error != SocketError.Success || count == 0)
                    {
                        Fail(_up ? "lost" : "hung_up", "", now);
                        return;
                    }
                    _received = now;
                    _zmtp.Fed(count);
                    Greeted(now);
                    if (count < room.Count) return;
                }
            }
            catch (SocketException)
            {
                Fail(_up ? "lost" : "hung_up", "", now);
            }
        }

        private void Greeted(double now)
        {
            if (_zmtp.Error != null) Fail(_zmtp.Error, _zmtp.Detail, now);
            else if (!_up && _zmtp.IsOpen)
            {
                _up = true;
                Code = Detail = "";
                Ups++;
                _backoff.Reset();
            }
        }

        private void KeepAlive(double now)
        {
            if (!_up)
            {
                if (now - _began > _limits.HandshakeTimeout) Fail("timeout", "", now);
                return;
            }
            bool pinged = _pinged > _received;
            if (now - _received > _limits.SilenceLimit && pinged && now - _pinged > _limits.PingAfter)
                Fail("silent", "", now);
            else if (now - Math.Max(_received, _pinged) > _limits.PingAfter)
            {
                _zmtp.Ping(0, NoContext);
                _pinged = now;
            }
        }

        private void Write()
        {
            try
            {
                while (_zmtp.OutputCount > 0)
                {
                    SocketError error;
                    int sent = _socket.Send(_zmtp.Output, 0, _zmtp.OutputCount, SocketFlags.None, out error);
                    if (error == SocketError.WouldBlock) break;
                    if (error != SocketError.Success)
                    {
                        Fail("lost", "", _received);
                        return;
                    }
                    _zmtp.Written(sent);
                }
                if (_zmtp.OutputCount > WriteLimit) Fail("slow", "", _received);
            }
            catch (SocketException)
            {
                Fail("lost", "", _received);
            }
        }

        private void Fail(string code, string detail, double now)
        {
            Dispose();
            Code = code;
            Detail = detail;
            _again = now + _backoff.Next();
        }
    }
}
