using System.Security.Cryptography;
using System.Text;

namespace Sentio
{
    /// <summary>Token of a sidecar that this game has started (PROTOCOL.md, section 1).</summary>
    /// <remarks>It gives the game the role <c>game</c> and permits it to end that sidecar. Only the started process
    /// receives it, in its environment; it is never stored. Written by the main thread and read by that of a
    /// connection.</remarks>
    internal sealed class LaunchToken
    {
        private const int Bytes = 32;

        private volatile string _value = "";

        /// <summary>The token; empty if this game has started no sidecar.</summary>
        public string Value { get { return _value; } }

        /// <summary>Makes a new random token.</summary>
        public void Renew()
        {
            var bytes = new byte[Bytes];
            using (RandomNumberGenerator random = RandomNumberGenerator.Create()) random.GetBytes(bytes);
            var text = new StringBuilder(2 * Bytes);
            foreach (byte one in bytes) text.Append(one.ToString("x2"));
            _value = text.ToString();
        }

        /// <summary>Forgets the token of a sidecar that ends.</summary>
        public void Clear() { _value = ""; }
    }
}
