using System;
using System.Collections.Generic;
using System.Text;

namespace Sentio
{
    /// <summary>Splits a published message into topic, one zero byte, and one msgpack map.</summary>
    internal static class Wire
    {
        /// <summary>Major version of the protocol that this package implements.</summary>
        public const int Version = 1;

        /// <summary>Published messages are smaller than this, except raw (PROTOCOL.md, section 2).</summary>
        public const int MaxMessage = 65536;

        /// <summary>Reads a message. Returns null and the protocol's code (malformed or version) if it is
        /// refused.</summary>
        public static Dictionary<string, object> Read(
            byte[] bytes, int start, int count, out string topic, out string code, out long otherVersion)
        {
            topic = "";
            code = "malformed";
            otherVersion = 0;
            int end = Array.IndexOf(bytes, (byte)0, start, count);
            if (end <= start || count >= MaxMessage) return null;
            topic = Encoding.UTF8.GetString(bytes, start, end - start);
            Dictionary<string, object> map = new MsgpackReader(bytes, end + 1, start + count - end - 1).ReadMap();
            object version = null;
            if (map == null || !map.TryGetValue("v", out version) || !(version is long)) return null;
            bool same = (long)version == Version;
            code = same ? "" : "version";
            otherVersion = same ? 0 : (long)version;
            return same ? map : null;
        }
    }
}
