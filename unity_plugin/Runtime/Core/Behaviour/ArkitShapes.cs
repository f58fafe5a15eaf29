using System;
using System.Collections.Generic;
using System.Text;

namespace Sentio.Behaviour
{
    /// <summary>ARKit's 52 blend shapes; left and right are the person's own.</summary>
    public static class ArkitShapes
    {
        /// <summary>Number of shapes.</summary>
        public const int Count = 52;

        private static readonly string[] Names =
        {
            "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff",
            "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft",
            "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight",
            "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight",
            "jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose", "mouthDimpleLeft", "mouthDimpleRight",
            "mouthFrownLeft", "mouthFrownRight", "mouthFunnel", "mouthLeft", "mouthLowerDownLeft",
            "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight",
            "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft",
            "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
            "noseSneerLeft", "noseSneerRight", "tongueOut",
        };

        private static readonly Dictionary<string, int> Exact = new Dictionary<string, int>();
        private static readonly Dictionary<string, int> Plain = new Dictionary<string, int>();

        static ArkitShapes()
        {
            for (int i = 0; i < Names.Length; i++)
            {
                Exact[Names[i]] = i;
                Plain[Names[i].ToLowerInvariant()] = i;
            }
        }

        /// <summary>ARKit's name of a shape.</summary>
        public static string Name(int shape) { return Names[shape]; }

        /// <summary>Index of the shape with exactly this name, or -1.</summary>
        public static int IndexOf(string name)
        {
            int shape;
            return name != null && Exact.TryGetValue(name, out shape) ? shape : -1;
        }

        /// <summary>Index of the shape that a mesh's name denotes, or -1. Ignores prefixes up to a dot, underscores,
        /// spaces and case; a final L or R is a side.</summary>
        public static int Find(string name)
        {
            if (string.IsNullOrEmpty(name)) return -1;
            string last = name.Substring(name.LastIndexOf('.') + 1);
            int shape;
            return Plain.TryGetValue(Bare(last), out shape) || Plain.TryGetValue(Sided(last), out shape) ? shape : -1;
        }

        private static string Bare(string name)
        {
            var text = new StringBuilder();
            foreach (char c in name) if (char.IsLetter(c)) text.Append(char.ToLowerInvariant(c));
            return text.ToString();
        }

        private static string Sided(string name)
        {
            char end = char.ToUpperInvariant(name[name.Length - 1]);
            bool parted = name.Length > 1 && (!char.IsLetter(name[name.Length - 2]) || char.IsUpper(name[name.Length - 1]));
            if (!parted || (end != 'L' && end != 'R')) return "";
            return Bare(name.Substring(0, name.Length - 1)) + (end == 'L' ? "left" : "right");
        }
    }
}
