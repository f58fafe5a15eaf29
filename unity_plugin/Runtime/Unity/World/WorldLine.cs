using System;
using System.Collections.Generic;
using System.Text;
using UnityEngine;

namespace Sentio
{
    /// <summary>One line of a panel in the world: text, or a button.</summary>
    public sealed class WorldLine
    {
        /// <summary>A line of text; with <paramref name="press"/> a button.</summary>
        /// <param name="text">The text; long text continues on further lines.</param>
        /// <param name="size">Size of the letters, relative to the panel's own.</param>
        /// <param name="tone">Colour of the text.</param>
        /// <param name="press">What pressing the line does; null for text only.</param>
        public WorldLine(string text, float size, Color tone, Action press = null)
        {
            Text = text ?? "";
            Size = size;
            Tone = tone;
            Press = press;
        }

        /// <summary>The text.</summary>
        public string Text { get; private set; }

        /// <summary>Size of the letters, relative to the panel's own.</summary>
        public float Size { get; private set; }

        /// <summary>Colour of the text.</summary>
        public Color Tone { get; private set; }

        /// <summary>What pressing the line does; null for text only.</summary>
        public Action Press { get; private set; }

        /// <summary>Splits text into lines of at most <paramref name="letters"/> letters, at spaces where there are
        /// any.</summary>
        public static List<string> Wrap(string text, int letters)
        {
            var lines = new List<string>();
            int most = Math.Max(letters, 1);
            foreach (string paragraph in (text ?? "").Split('\n'))
            {
                var line = new StringBuilder();
                foreach (string word in paragraph.Split(' '))
                {
                    if (line.Length > 0 && line.Length + 1 + word.Length > most)
                    {
                        lines.Add(line.ToString());
                        line.Length = 0;
                    }
                    if (line.Length > 0) line.Append(' ');
                    line.Append(word);
                    while (line.Length > most)
                    {
                        lines.Add(line.ToString(0, most));
                        line.Remove(0, most);
                    }
                }
                lines.Add(line.ToString());
            }
            return lines;
        }
    }

    /// <summary>Content of a <see cref="SentioWorldPanel"/>.</summary>
    public interface IWorldContent
    {
        /// <summary>Adds the lines to show now.</summary>
        void Write(List<WorldLine> lines);
    }
}
