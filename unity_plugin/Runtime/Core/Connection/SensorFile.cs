using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace Sentio
{
    /// <summary>The configuration file with the sensors that a player chose, written for the sidecar.</summary>
    /// <remarks>Holds sources only: consent is given on a screen of its own and kept by the sidecar. Files of other
    /// programs are not read, because TOML can hold more than this class writes. Same format as in Godot.</remarks>
    public static class SensorFile
    {
        private const string Head = "# The sensors that the player chose in the game. The game writes this file.";
        private const string Source = "[[source]]";

        /// <summary>Writes devices to a file; creates its folder.</summary>
        /// <exception cref="IOException">It cannot be written.</exception>
        public static void Write(string path, IEnumerable<SensorDevice> devices, string subject = "player")
        {
            var text = new StringBuilder(Head).Append("\nsubjects = [").Append(Quoted(subject)).Append("]\n");
            foreach (SensorDevice device in devices)
            {
                text.Append("\n# ").Append(device.Name.Replace('\n', ' ')).Append('\n').Append(Source).Append('\n');
                text.Append("type = ").Append(Quoted(device.Type)).Append('\n');
                foreach (KeyValuePair<string, string> one in device.Settings)
                    text.Append(IsBare(one.Key) ? one.Key : Quoted(one.Key)).Append(" = ").Append(Quoted(one.Value)).Append('\n');
            }
            string folder = Path.GetDirectoryName(path);
            if (!string.IsNullOrEmpty(folder)) Directory.CreateDirectory(folder);
            File.WriteAllText(path, text.ToString());
        }

        /// <summary>The devices in a file; empty if there is none, or another program wrote it.</summary>
        public static List<SensorDevice> Read(string path)
        {
            var devices = new List<SensorDevice>();
            if (!File.Exists(path)) return devices;
            string[] lines = File.ReadAllText(path).Split('\n');
            if (lines[0] != Head) return devices;
            string name = "";
            foreach (string line in lines)
            {
                int at = line.IndexOf(" = ", System.StringComparison.Ordinal);
                if (line.StartsWith("# ", System.StringComparison.Ordinal)) name = line.Substring(2);
                else if (line == Source) devices.Add(new SensorDevice { Name = name });
                else if (at > 0 && devices.Count > 0) Take(devices[devices.Count - 1], line.Substring(0, at), line.Substring(at + 3));
            }
            return devices;
        }

        private static void Take(SensorDevice device, string key, string value)
        {
            if (key.StartsWith("\"", System.StringComparison.Ordinal)) key = Plain(key);
            if (key == "type") device.Type = Plain(value);
            else device.Settings[key] = Plain(value);
        }

        private static bool IsBare(string key)
        {
            foreach (char c in key)
                if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_') return false;
            return key.Length > 0;
        }

        // A basic string of TOML.
        private static string Quoted(string text)
        {
            var quoted = new StringBuilder("\"");
            foreach (char c in text)
            {
                if (c == '"' || c == '\\') quoted.Append('\\').Append(c);
                else if (c < ' ' || c == '\u007f') quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                else quoted.Append(c);
            }
            return quoted.Append('"').ToString();
        }

        private static string Plain(string quoted)
        {
            var text = new StringBuilder();
            for (int i = 1; i < quoted.Length - 1; i++)
            {
                int code;
                if (quoted[i] != '\\') text.Append(quoted[i]);
                else if (quoted[++i] != 'u') text.Append(Escaped(quoted[i]));
                else if (i + 4 < quoted.Length
                    && int.TryParse(quoted.Substring(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out code))
                {
                    text.Append((char)code);
                    i += 4;
                }
            }
            return text.ToString();
        }

        private static char Escaped(char letter)
        {
            switch (letter)
            {
                case 'n': return '\n';
                case 't': return '\t';
                case 'r': return '\r';
                case 'b': return '\b';
                case 'f': return '\f';
                default: return letter;
            }
        }
    }
}
